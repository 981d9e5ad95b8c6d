// Lagoon against the published Nano Stores: random programs must leave the same trace on both.
// LAGOON_PROGRAMS says how many (3,000), LAGOON_SEED where to begin: always at the same place here, so
// that a change is what turns it red.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import * as nanostores from 'nanostores'
import * as lagoon from '../js/index.js'
import { ALL, clocked, difference, generate, shrink } from './programs.js'
import { playAtOnce } from './spec.js'

const count = Number(process.env.LAGOON_PROGRAMS ?? 3000)
const first = Number(process.env.LAGOON_SEED ?? 1)
const { version } = createRequire(import.meta.url)('nanostores/package.json')

// Both traces of a program, of each step the lines that count
const traces = (program, view = lines => lines, library = lagoon) =>
  [nanostores, library].map(it => playAtOnce(program, it).map(view))

const firstDifference = (program, ...rest) => difference(...traces(program, ...rest))

// The program as a scenario that can be kept in a file of spec/
const explain = (program, view, library) => {
  const step = firstDifference(program, view, library)
  const [theirs, ours] = traces(program, undefined, library)
  const steps = program.steps.map(([operation], i) => [operation, ...theirs[i]])
  return `${program.name}, shrunk, with the traces of Nano Stores:
${JSON.stringify({ ...program, steps: undefined }, null, 2)}
${steps.map(trace => JSON.stringify(trace)).join(',\n')}
  Nano Stores, ${JSON.stringify(program.steps[step][0])}:
    ${theirs[step].join('\n    ')}
  Lagoon:
    ${ours[step].join('\n    ')}`
}

const compare = (features, amount, { adapt = program => program, view, library } = {}) => {
  const differs = program => firstDifference(adapt(program), view, library) >= 0
  for (let seed = first; seed < first + amount; seed++) {
    const program = generate(seed, features)
    if (differs(program)) assert.fail(explain(adapt(shrink(program, differs)), view, library))
  }
}

// Where Lagoon differs on purpose, docs/differences.md says so. The first test leaves all of that out;
// each of the others brings one of these features back, as far as both libraries must agree about it.
const SAME = {
  ...ALL,
  batched: false,
  belowThem: false,
  failing: false,
  reads: false,
  suppressed: false,
  twins: false
}
const QUIET = { ...SAME, throws: false, writesInListeners: false, listensInListeners: false }
const inAnyOrder = lines => lines.toSorted()

// A read of an unmounted computed may mount its sources for a moment once more
const mountsOnce = lines =>
  lines.filter((line, i) => line !== lines[i - 1] || !/^on(Start|Stop) /.test(line))

test(`${count} random programs leave the trace of Nano Stores ${version} (seed ${first})`, () => {
  compare(SAME, count, { view: mountsOnce })
})

test('programs do whose computeds read other stores, where nothing is written in events', () => {
  compare({ ...SAME, reads: true, events: false }, count / 3)
})

test('programs with computeds that throw do, where nothing is computed from those', () => {
  compare({ ...SAME, failing: true }, count / 6, { view: mountsOnce })
})

test('programs with batched stores do, where nothing is computed from those or written by listeners', () => {
  compare({ ...SAME, batched: true, writesInListeners: false }, count / 6)
})

test('programs with computeds of batched stores make the same calls in each step', () => {
  const features = { ...QUIET, batched: true, belowThem: true, unbindsInListeners: false }
  compare(features, count / 6, { view: inAnyOrder })
})

test('programs whose onNotify aborts do, where another store changes after each write', () => {
  compare({ ...QUIET, suppressed: true }, count / 6, { adapt: clocked, view: inAnyOrder })
})

// What a page bundles that has neither computeds nor effects nor batches
const withoutEngine = async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { atom, cleanStores, cleanTasks, deepMap, listenKeys, map, onMount, onNotify, onSet, onStart, onStop,
        subscribeKeys } from '../js/index.js'`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url))
    },
    bundle: true,
    format: 'esm',
    write: false
  })
  assert.ok(!outputFiles[0].text.includes('WebAssembly'))
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
}

test('programs with listeners only do in a bundle without the engine', async () => {
  const library = await withoutEngine()
  compare({ ...SAME, graph: false, suppressed: true }, count, { library })
})

test('a difference is found, and made small', () => {
  const broken = {
    ...lagoon,
    atom: value => Object.assign(lagoon.atom(value), { eq: () => false })
  }
  const isBroken = program =>
    difference(playAtOnce(program, nanostores), playAtOnce(program, broken)) >= 0
  const found = []
  for (let seed = first; seed < first + 50; seed++) {
    const program = generate(seed)
    if (isBroken(program)) found.push(program)
  }
  assert.ok(found.length > 10)
  const { steps } = shrink(found[0], isBroken)
  assert.ok(steps.length <= 3, JSON.stringify(steps))
})
