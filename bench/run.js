// Lagoon beside the libraries that a user could pick instead, in Node:
//   node bench/run.js [--shape PART] [--peers PART,PART]
// Each shape has a process of its own, in which all libraries take turns. Without options, writes
// bench/results/updates.json, creation.json and a chart of each.
import { fork } from 'node:child_process'
import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { heatMap } from './chart.js'
import { figuresOf, textOf } from './figures.js'
import { bundle, peersWith } from './peers.js'
import { aboutRun, progress, save, tableOf } from './report.js'
import { SHAPES } from './shapes.js'

const TITLES = {
  updates: 'Time of an update: how many times as long as Lagoon',
  creation: 'Making, mounting and unmounting stores: how many times as long as Lagoon'
}

const EFFORT = {
  rounds: 61,
  roundMs: 1.5,
  warmMs: 300,
  limitMs: 600,
  aloneRounds: 7,
  aloneMs: 2500
}

const worker = fileURLToPath(new URL('worker.js', import.meta.url))
const heap = Math.floor((totalmem() * 0.6) / 2 ** 20)

const measure = (shape, files, tell) =>
  new Promise((resolve, reject) => {
    let child = fork(worker, {
      execArgv: ['--expose-gc', `--max-old-space-size=${heap}`],
      env: { ...process.env, NODE_ENV: 'production' }
    })
    child.on('message', ({ text, error, results }) => {
      if (error) reject(new Error(error))
      else if (results) resolve(results)
      else tell(text)
    })
    child.on('exit', code => reject(new Error(`${shape}: the process ended with ${code}`)))
    child.send({ shape, files, effort: EFFORT })
  })

let { values } = parseArgs({ options: { shape: { type: 'string' }, peers: { type: 'string' } } })
let names = peersWith(values.peers?.split(','))
let shapes = Object.keys(SHAPES).filter(shape => shape.includes(values.shape ?? ''))
if (!shapes.length) {
  throw new Error(`no shape is called ${values.shape}. There are ${Object.keys(SHAPES).join('; ')}`)
}

let about = aboutRun(names)
let bundles = await bundle(names, 'node')
let files = Object.fromEntries(names.map(name => [name, bundles[name].file]))
let rows = []
for (let [i, shape] of shapes.entries()) {
  let place = `${i + 1} of ${shapes.length}: ${shape}`
  progress(place)
  let results = await measure(shape, files, text => progress(place, `, ${text}`))
  let { group = 'updates', unit = 'update' } = SHAPES[shape]
  rows.push({ shape, group, unit, results })
}
progress()
console.log(`Node ${about.node}, ${Object.values(about.libraries).join(', ')}\n${tableOf(rows)}\n`)

for (let group of Object.keys(TITLES)) {
  let own = rows.filter(row => row.group === group)
  if (!own.length) continue
  let figures = figuresOf[group](own)
  console.log(textOf(figures))
  if (values.shape || values.peers) continue
  let subtitle = `Medians in one run, Node ${about.node}, ${about.date}. Green: Lagoon is faster.`
  await save(`${group}.json`, { ...about, figures, rows: own })
  await save(`${group}.svg`, heatMap([{ title: TITLES[group], subtitle, rows: own }]))
}
