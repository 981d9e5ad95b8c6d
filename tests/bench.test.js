// The benchmarks: every shape with every library, once and small. Nothing is said about time.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { before, test } from 'node:test'
import { measure } from '../bench/measure.js'
import { PEERS, bundle, peersWith } from '../bench/peers.js'
import { SHAPES } from '../bench/shapes.js'
import { heatMap, stackedBars } from '../bench/chart.js'
import { figuresOf } from '../bench/figures.js'

const EFFORT = { rounds: 1, roundMs: 0, warmMs: 0, limitMs: 0, aloneRounds: 1, aloneMs: 0 }
const NAMES = peersWith()

let bundles
let libraries
const clock = { setTimeout, clearTimeout }

before(async () => {
  bundles = await bundle(NAMES, 'node')
  libraries = await Promise.all(
    NAMES.map(async name => ({ name, ...(await import(bundles[name].file)) }))
  )
})

// The shapes take the clock
const measureSmall = async (shape, all = libraries) => {
  try {
    return await measure(shape, all, EFFORT, { isSmall: true })
  } finally {
    Object.assign(globalThis, clock)
  }
}

for (let shape of Object.keys(SHAPES)) {
  test(`${shape}: all libraries do the same`, async () => {
    let results = await measureSmall(shape)
    assert.deepEqual(Object.keys(results), NAMES)
    for (let [name, { median, without }] of Object.entries(results)) {
      assert.ok(median > 0 || without, `${name} has neither a time nor a reason`)
    }
    assert.ok(results.lagoon.median > 0 && results['lagoon, tracked'].median > 0)
  })
}

test('a library that does something else is named, with the shape', async () => {
  let { peer, ...rest } = libraries.at(-1)
  let hear = (store, tally) =>
    peer.hear(store, {
      set sum(_value) {},
      get sum() {
        return tally.sum++
      }
    })
  let wrong = { ...rest, peer: { ...peer, hear }, name: 'wrong' }
  await assert.rejects(
    measureSmall('chain of 50', [libraries[0], wrong]),
    /^Error: wrong, chain of 50: /
  )
})

test('a library that overflows the call stack falls out, and the others go on', async () => {
  let { peer, ...rest } = libraries.at(-1)
  let endless = () => endless()
  let deep = { ...rest, peer: { ...peer, plus: endless }, name: 'deep' }
  let results = await measureSmall('chain of 50', [libraries[0], deep])
  assert.deepEqual(results.deep, { overflow: 'made' })
  assert.ok(results.lagoon.median > 0)
})

test('each library is there in its production build for browsers', () => {
  for (let [name, { inputs }] of Object.entries(bundles)) {
    let foreign = inputs.filter(path => path.includes('node_modules/'))
    let [, id] = PEERS[name]
    if (id !== 'lagoon')
      assert.ok(
        foreign.some(path => path.includes(`node_modules/${id}/`)),
        name
      )
    assert.deepEqual(
      foreign.filter(path => /dist\/(dev|server)\.js$|-server\.js$|development/.test(path)),
      [],
      name
    )
  }
})

test('each adapter is one of a library that is measured', () => {
  let files = readdirSync(new URL('../bench/peers/', import.meta.url))
  let adapters = Object.values(PEERS).map(([adapter]) => `${adapter}.js`)
  assert.deepEqual(files.sort(), adapters.sort())
})

test('libraries are chosen by a part of their name or of their package', () => {
  assert.deepEqual(peersWith(['alien']), ['lagoon', 'lagoon, tracked', 'alien-signals'])
  assert.deepEqual(peersWith(['@vue/']), ['lagoon', 'lagoon, tracked', 'vue'])
  assert.throws(() => peersWith(['redux']), /no library is called redux\. There are lagoon; /)
})

const result = median => ({ median, quartiles: [median, median], rounds: 1 })

test('the figures to reach are counted from the medians', () => {
  let rows = [
    {
      shape: 'a',
      results: { lagoon: result(10), 'alien-signals': result(20), nanostores: result(90) }
    },
    {
      shape: 'b',
      results: { lagoon: result(10), 'alien-signals': result(80), nanostores: result(10) }
    },
    {
      shape: 'c',
      results: { lagoon: result(10), 'alien-signals': { overflow: 'made' }, nanostores: result(5) }
    }
  ]
  let byName = Object.fromEntries(figuresOf.updates(rows).map(({ what, ...rest }) => [what, rest]))
  assert.deepEqual(byName['times as long as Lagoon: alien-signals, at least'], {
    goal: 1.5,
    got: 2,
    where: 'a',
    reached: true
  })
  let { got, reached } = byName['times as long as Lagoon: alien-signals, geometric mean']
  assert.ok(Math.abs(got - 4) < 1e-9 && reached)
  assert.equal(byName['times as long as Lagoon: nanostores, at least'].reached, false)
  assert.equal(byName['shapes on which a library is faster'].where, 'nanostores 0.50 on c')
})

test('charts show every row, also where there is no number', () => {
  let rows = [
    { shape: 'a < b', results: { lagoon: result(10), x: result(25), y: { without: 'no' } } },
    { shape: 'c', results: { lagoon: result(10), x: { overflow: 'made' }, y: { tooSlow: 'long' } } }
  ]
  let svg = heatMap([{ title: 'Title', subtitle: '', rows }])
  for (let text of ['a &lt; b', '2.50', '–', 'stack', 'slow', '10 ns'])
    assert.ok(svg.includes(`>${text}<`), text)
  let bars = [{ name: 'x', parts: [1, 2] }]
  let memory = stackedBars({ title: 'T', subtitle: '', parts: ['p', 'q'], bars, unit: 'bytes' })
  assert.ok(memory.includes('>3 bytes<'))
})
