// Lagoon against the published Nano Stores: random programs must leave the same trace on both.
// LAGOON_PROGRAMS says how many (3,000), LAGOON_SEED where to begin: always at the same place here, so
// that a change is what turns it red.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import * as nanostores from 'nanostores'
import * as lagoon from '../js/index.js'
import { ALL, difference, generate, run, shrink } from './programs.js'

const count = Number(process.env.LAGOON_PROGRAMS ?? 3000)
const first = Number(process.env.LAGOON_SEED ?? 1)
const { version } = createRequire(import.meta.url)('nanostores/package.json')

const differs = program => difference(run(program, nanostores), run(program, lagoon)) >= 0

const explain = program => {
  const theirs = run(program, nanostores)
  const ours = run(program, lagoon)
  const line = difference(theirs, ours)
  const around = trace => trace.slice(Math.max(0, line - 8), line + 3).join('\n    ')
  return `program of seed ${program.seed}, shrunk:
${JSON.stringify(program.stores)}
${program.ops.map(op => JSON.stringify(op)).join('\n')}
  Nano Stores:
    ${around(theirs)}
  Lagoon:
    ${around(ours)}`
}

const compare = (features, amount) => {
  for (let seed = first; seed < first + amount; seed++) {
    const program = generate(seed, features)
    if (differs(program)) assert.fail(explain(shrink(program, differs)))
  }
}

// What is left out is where Lagoon differs on purpose: docs/differences.md
const SAME = { ...ALL, batched: false, suppressed: false, twins: false, failing: false }

test(`${count} random programs leave the trace of Nano Stores ${version} (seed ${first})`, () => {
  compare({ ...SAME, reads: false }, count)
})

test('programs do whose computeds read other stores, where nothing is written in events', () => {
  compare({ ...SAME, events: false }, count / 3)
})

test('programs with batched stores do, where listeners only read', () => {
  const features = { ...SAME, batched: true, reads: false }
  let same = 0
  for (let seed = first; seed < first + 500; seed++) {
    if (!differs(generate(seed, { ...features, writesInListeners: false }))) same++
  }
  assert.ok(same > 480, `only ${same} of 500`)
})

test('a difference is found', () => {
  const broken = {
    ...lagoon,
    atom: value => Object.assign(lagoon.atom(value), { eq: () => false })
  }
  let found = 0
  for (let seed = first; seed < first + 50; seed++) {
    const program = generate(seed)
    if (difference(run(program, nanostores), run(program, broken)) >= 0) found++
  }
  assert.ok(found > 10)
})
