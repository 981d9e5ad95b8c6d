// Plays the scenarios of spec/ on Lagoon and on the published Nano Stores: each step must leave the
// trace that stands beside it.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as nanostores from 'nanostores'
import * as lagoon from '../js/index.js'
import {
  BadScenario,
  expectedTrace,
  operationOf,
  play,
  playAtOnce,
  read,
  readFiles,
  show
} from './spec.js'

const SURFACES = { js: lagoon, nanostores }

const files = readFiles()
const scenarios = files.flatMap(file => file.scenarios)

const check = async (scenario, surface, library = SURFACES[surface]) => {
  const traces = await play(scenario, library)
  const expected = expectedTrace(scenario, surface)
  scenario.steps.forEach((step, i) => {
    const where = `step ${i + 1}, ${JSON.stringify(operationOf(step))}`
    assert.deepEqual(traces[i], expected[i], `${where}, must leave another trace`)
  })
}

for (const { name, about, scenarios } of files) {
  test(`${name}: ${about}`, async t => {
    for (const scenario of scenarios) {
      for (const surface of Object.keys(SURFACES)) {
        const skip = scenario.not?.[surface]
        await t.test(`${scenario.name} (${surface})`, { skip }, () => check(scenario, surface))
      }
    }
  })
}

test('every scenario has a name of its own in its file, and says only what the format knows', () => {
  const known = ['name', 'difference', 'not', 'stores', 'bodies', 'steps']
  for (const file of files) {
    assert.deepEqual(Object.keys(file), ['name', 'about', 'scenarios'])
    const names = file.scenarios.map(scenario => scenario.name)
    assert.deepEqual(names, [...new Set(names)], file.name)
    for (const scenario of file.scenarios) {
      assert.deepEqual(
        Object.keys(scenario).filter(key => !known.includes(key)),
        [],
        scenario.name
      )
      for (const [surface, reason] of Object.entries(scenario.not ?? {})) {
        assert.ok(['js', 'c', 'nanostores'].includes(surface) && reason, scenario.name)
      }
    }
  }
})

test('every body belongs to a function, and what is unbound was bound before', () => {
  for (const { name, stores, bodies = {}, steps } of scenarios) {
    const operations = JSON.stringify([stores, Object.values(bodies), steps.map(operationOf)])
    const isNamed = (kinds, word) => new RegExp(`\\b(${kinds}) ${word}\\b`).test(operations)
    for (const body of Object.keys(bodies)) {
      const kinds = 'as|as new|computed|tracked|batched|mapCreator|task'
      assert.ok(isNamed(kinds, body.split(' ').at(-1)), `${name}: ${body}`)
    }
    for (const [, word] of operations.matchAll(/unbind (\w+)/g)) {
      assert.ok(isNamed('as|as new', word), `${name}: ${word}`)
    }
  }
})

const page = readFileSync(new URL('../docs/differences.md', import.meta.url), 'utf8')

// The first cells of the table, with the chapters that they link to
const rows = page
  .split('\n## ', 1)[0]
  .split('\n')
  .filter(line => line.startsWith('| '))
  .slice(2)
  .map(line => {
    const [, cell] = /^\| (.*?) +\|/.exec(line)
    return {
      text: cell.replace(/\[([^\]]*)\]\([^)]*\)/, '$1'),
      chapter: /\(#(.*?)\)/.exec(cell)?.[1]
    }
  })

test('steps differ only in scenarios that name a row of docs/differences.md', () => {
  const texts = rows.map(({ text }) => text)
  for (const { name, difference, steps } of scenarios) {
    const isDifferent = steps.some(step => !Array.isArray(step))
    assert.equal(isDifferent, difference !== undefined, name)
    assert.ok(!difference || texts.includes(difference), `no row "${difference}"`)
  }
})

// Rows that neither a scenario nor a program can show, and where they are tested
const ELSEWHERE = {
  'a store that is dropped with a listener on it': '../js/core.test.js',
  'a tracked function that reads stores of another copy of the package': 'copies.test.js'
}

test('every row about stores is shown by a scenario or by a program on the page', () => {
  const anchors = new Map()
  for (const chapter of page.split('\n## ').slice(1)) {
    const heading = chapter.split('\n')[0]
    anchors.set(
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
      chapter
    )
  }
  for (const { text, chapter } of rows) {
    // Those of bindings are tested beside them
    if (/^[A-Z]\w+: /.test(text)) continue
    const isShown =
      scenarios.some(({ difference }) => difference === text) ||
      /\/\/ Lagoon → /.test(anchors.get(chapter))
    if (Object.hasOwn(ELSEWHERE, text)) {
      assert.ok(existsSync(new URL(ELSEWHERE[text], import.meta.url)))
    } else {
      assert.ok(isShown, `no scenario for the row "${text}"`)
    }
  }
})

// How many scenarios fail on a library.
const countFailures = async library => {
  let failures = 0
  for (const scenario of scenarios) {
    if (scenario.not?.js || scenario.difference) continue
    try {
      await check(scenario, 'js', library)
    } catch {
      failures++
    }
  }
  return failures
}

const changed = changes => ({ ...lagoon, ...changes })

const BROKEN = {
  'an atom that takes nothing for equal': changed({
    atom: value => Object.assign(lagoon.atom(value), { eq: () => false })
  }),
  'a batch that is none': changed({ batch: fn => fn() }),
  'an onMount that is never called': changed({ onMount: () => () => {} }),
  'an effect without clean-ups': changed({
    effect: (stores, fn) => lagoon.effect(stores, (...values) => void fn(...values))
  }),
  'a batched store that does not wait': changed({ batched: lagoon.computed }),
  'a listenKeys that hears all keys': changed({
    listenKeys: ($store, keys, listener) => $store.listen(listener)
  }),
  'an allTasks that does not wait': changed({ allTasks: async () => {} })
}

for (const [name, library] of Object.entries(BROKEN)) {
  test(`${name} is found out`, async () => {
    assert.ok((await countFailures(library)) > 3)
  })
}

test('a value is shown as it is written', () => {
  for (const text of [
    ...['1', '-0', '2.5', 'NaN', '-Infinity', 'true', 'null', 'undefined'],
    ...["''", "'two words'", '[]', "[1, [2, 'x']]", '{}', "{ a: 1, 'b.c': { d: [undefined] } }"]
  ]) {
    assert.equal(show(read(text)), text)
  }
  assert.equal(show(read('{b: 1,a: @x}', name => name)), "{ a: 'x', b: 1 }")
  for (const text of ['', '[1', '{ a 1 }', 'one', '1 2', "'a", '1x', '[1 2]']) {
    assert.throws(() => read(text), BadScenario, text)
  }
})

test('a scenario that says what can not be is refused', () => {
  const play = (operation, more) =>
    playAtOnce({ stores: ['atom a 1'], ...more, steps: [[operation]] }, lagoon)
  for (const operation of [
    ...['jump a', 'get', 'get b', 'get a a', 'set a', 'set a [', 'set a @x', 'abort'],
    ...['computed b = nonsense(a)', 'eq a nonsense', 'listen a', 'listen a as', ['loop', 'get a']]
  ]) {
    assert.throws(() => play(operation), BadScenario, JSON.stringify(operation))
  }
  assert.throws(() => play('get a', { bodies: { onA: ['get b'] } }), BadScenario)
  assert.throws(() => play('get a', { stores: ['atom a 1', 'get a'] }), BadScenario)
})
