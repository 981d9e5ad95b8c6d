// What an atom, a computed on it and a listener on that take of memory, in each library:
//   node bench/memory.js [--peers PART,PART]
// Each is measured in a process of its own, by 100,000 of them and forced collections: the JavaScript
// heap, and the memory of WebAssembly, which is outside. Writes bench/results/memory.json and memory.svg.
import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { stackedBars } from './chart.js'
import { atMost, textOf } from './figures.js'
import { bundle, peersWith } from './peers.js'
import { aboutRun, progress, save } from './report.js'

const PARTS = ['atom', 'computed', 'listener']
const COUNT = 100_000

// What the process of a library does: the bytes that a store of each of the three adds to those before.
const measure = async file => {
  let engines = []
  let { Instance } = WebAssembly
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args)
      engines.push(this.exports.memory)
    }
  }
  let used = () => {
    for (let i = 0; i < 4; i++) globalThis.gc()
    let ofEngines = engines.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    return process.memoryUsage().heapUsed + ofEngines
  }
  let { peer } = await import(pathToFileURL(file))
  let tally = { sum: 0 }
  let fill = (count, atoms, computeds, stops, part) => {
    for (let i = 0; i < count; i++) {
      if (part === 'atom') atoms[i] = peer.atom(i)
      else if (part === 'computed') computeds[i] = peer.plus(atoms[i], 1)
      else stops[i] = peer.hear(computeds?.[i] ?? atoms[i], tally)
    }
  }
  // What is made for the first time: compiled code, shapes of objects
  let first = [[], [], []]
  let parts = PARTS.filter(part => part !== 'computed' || peer.plus)
  for (let part of parts) fill(1000, first[0], peer.plus && first[1], first[2], part)

  let keep = PARTS.map(() => new Array(COUNT).fill())
  let bytes = {}
  let last = used()
  for (let part of parts) {
    fill(COUNT, keep[0], peer.plus && keep[1], keep[2], part)
    let now = used()
    bytes[part] = (now - last) / COUNT
    last = now
  }
  if (keep.some(list => list.length !== COUNT)) throw new Error('they are not there any more')
  return bytes
}

const main = async () => {
  let { values } = parseArgs({ options: { peers: { type: 'string' } } })
  let names = peersWith(values.peers?.split(','))
  let bundles = await bundle(names, 'node')
  let script = fileURLToPath(import.meta.url)
  let rows = names.map(name => {
    progress(`memory: ${name}`)
    let output = execFileSync(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=8192', script, '--measure', bundles[name].file],
      { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' }, timeout: 120_000 }
    )
    let bytes = JSON.parse(output)
    return { name, bytes, sum: Object.values(bytes).reduce((sum, part) => sum + part) }
  })
  progress()

  console.log(`bytes of each of ${COUNT.toLocaleString('en')}, heap and engine`)
  let line = (name, cells) =>
    console.log([name.padEnd(18), ...cells.map(cell => `${cell}`.padStart(10))].join(''))
  line('', [...PARTS, 'sum'])
  for (let { bytes, name, sum } of rows) {
    line(name, [...PARTS.map(part => bytes[part]?.toFixed(0) ?? '–'), sum.toFixed(0)])
  }
  let [{ sum }] = rows
  let figures = [
    atMost('bytes of an atom, a computed on it and a listener on that', 700, Math.round(sum))
  ]
  console.log(textOf(figures))
  if (values.peers) return

  let about = aboutRun(names)
  await save('memory.json', { ...about, count: COUNT, figures, rows })
  await save(
    'memory.svg',
    stackedBars({
      title: 'Memory of an atom, a computed on it and a listener on that',
      subtitle: `Bytes of heap and engine after forced collections, of ${COUNT.toLocaleString('en')} each, Node ${about.node}, ${about.date}`,
      parts: PARTS,
      bars: rows
        .filter(({ bytes }) => bytes.computed !== undefined)
        .map(({ bytes, name }) => ({ name, parts: PARTS.map(part => bytes[part]) })),
      unit: 'bytes'
    })
  )
}

let at = process.argv.indexOf('--measure')
if (at < 0) await main()
else console.log(JSON.stringify(await measure(process.argv[at + 1])))
