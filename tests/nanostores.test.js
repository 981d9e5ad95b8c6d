// Lagoon against the published Nano Stores: random programs must leave the same trace on both.
// LAGOON_PROGRAMS says how many (3,000), LAGOON_SEED where to begin: always at the same place here, so
// that a change is what turns it red.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import * as nanostores from 'nanostores'
import * as lagoon from '../js/index.js'
import { ALL, difference, generate, shrink } from './programs.js'
import { playAtOnce } from './spec.js'

const count = Number(process.env.LAGOON_PROGRAMS ?? 3000)
const first = Number(process.env.LAGOON_SEED ?? 1)
const { version } = createRequire(import.meta.url)('nanostores/package.json')

const firstDifference = program =>
  difference(playAtOnce(program, nanostores), playAtOnce(program, lagoon))

const differs = program => firstDifference(program) >= 0

// The program as a scenario that can be kept in a file of spec/
const explain = program => {
  const step = firstDifference(program)
  const theirs = playAtOnce(program, nanostores)
  const ours = playAtOnce(program, lagoon)
  const steps = program.steps.map(([operation], i) => [operation, ...theirs[i]])
  return `${program.name}, shrunk, with the traces of Nano Stores:
${JSON.stringify({ ...program, steps: undefined }, null, 2)}
${steps.map(trace => JSON.stringify(trace)).join(',\n')}
  Nano Stores, ${JSON.stringify(program.steps[step][0])}:
    ${theirs[step].join('\n    ')}
  Lagoon:
    ${ours[step].join('\n    ')}`
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
