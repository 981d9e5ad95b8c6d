// Runs the tables of docs/bad-input.md, line by line. In a build for production its first table is
// left out.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import * as lagoon from '../js/index.js'

const file = fileURLToPath(import.meta.url)
const page = readFileSync(new URL('../docs/bad-input.md', import.meta.url), 'utf8')
const isProduction = process.env.NODE_ENV === 'production'

// The rows of the table below a heading, as lists of cells
const rowsOf = heading => {
  const chapter = page.split(`\n## ${heading}\n`)[1].split('\n## ')[0]
  const lines = chapter.split('\n').filter(line => line.startsWith('|'))
  return lines.slice(2).map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim())
  )
}

const codeOf = cell => /^`(.*)`$/.exec(cell)?.[1]

// The stores that the page describes, new for each row
const makeWorld = () => {
  const { atom, computed, deepMap, map } = lagoon
  const count = atom(1)
  const stores = {
    count,
    user: map({ name: 'Ann' }),
    page: deepMap({ user: { name: 'Ann' }, tags: ['a'] }),
    total: computed(count, value => value)
  }
  for (const [name, $store] of Object.entries(stores)) {
    $store.name = name
    $store.listen(() => {})
  }
  return stores
}

const millionKeys = () => Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => [`k${i}`, i]))

const run = (code, stores, result = '') => {
  const logged = []
  const log = (...args) => logged.push(args)
  const million = code.includes('million') && millionKeys()
  const scope = { ...lagoon, ...stores, fn: () => {}, log, logged, million }
  const names = Object.keys(scope).filter(name => !code.includes(`const ${name} `))
  const body = `'use strict'; ${code}; ${result && `return (${result})`}`
  return new Function(...names, body)(...names.map(name => scope[name]))
}

const picture = stores =>
  Object.values(stores).map($store => [
    $store.value,
    $store.lc,
    $store.node,
    $store.active,
    Object.keys($store.events ?? {}),
    Object.entries($store).filter(([, value]) => typeof value === 'function')
  ])

// Whether stores work that had no part in it
const checkOthers = () => {
  const { atom, batch, computed, effect } = lagoon
  const a = atom(1)
  const double = computed(a, value => value * 2)
  const values = []
  effect(() => void values.push(double.get()))
  double.listen(value => values.push(value))
  batch(() => a.set(2))
  assert.deepEqual(values, [2, 4, 4])
}

// Where a row leaves the stores as they were, but for values that went round
const isEndless = code => code.includes('count.set(')

const checkError = (code, message) => {
  const stores = makeWorld()
  const before = picture(stores)
  assert.throws(
    () => run(code, stores),
    error => {
      assert.ok(error instanceof Error)
      assert.equal(error.message, message)
      return true
    }
  )
  if (!isEndless(code)) assert.deepEqual(picture(stores), before, 'the state is another one')
  checkOthers()
  const { count, total } = stores
  if (isEndless(code)) return
  count.set(7)
  assert.equal(total.get(), 7)
}

describe('wrong arguments', { skip: isProduction && 'for development' }, () => {
  for (const [cell, message] of rowsOf('Wrong arguments')) {
    test(cell, () => checkError(codeOf(cell), codeOf(message)))
  }
})

// Listens to two stores until the engine, which takes over a store with many listeners, gets no more memory. Of the
// second it has taken some by then
const REFUSED = `
  const { atom } = await import(${JSON.stringify(new URL('../js/index.js', import.meta.url))})
  const stores = [atom(0), atom(0)]
  let calls = 0
  let error
  const counts = stores.map($store => {
    let count = 0
    try {
      for (; count < 1e5; count++) $store.listen(() => calls++)
    } catch (e) {
      error = e
    }
    return count
  })
  for (const $store of stores) $store.set(1)
  const isWhole = stores.every(({ lc, value }, i) => lc === counts[i] && value === 1)
  const isTold = calls === counts[0] + counts[1]
  console.log(counts[1] > 500 && isWhole && isTold ? error.message : 'not as it was')`

// What can't be said in a line of code
const SPECIAL = {
  'the host refuses memory to the engine': message => {
    const flags = ['--wasm-max-mem-pages=1', '--input-type=module', '--eval', REFUSED]
    const output = execFileSync(process.execPath, flags, { encoding: 'utf8', timeout: 30_000 })
    assert.equal(output.trim(), message)
  }
}

describe('what would do harm', () => {
  for (const [cell, message] of rowsOf('What would do harm')) {
    test(cell, () => {
      const code = codeOf(cell)
      if (code) checkError(code, codeOf(message))
      else SPECIAL[cell](codeOf(message))
    })
  }
})

describe('what is accepted', () => {
  for (const [what, then, is] of rowsOf('What is accepted')) {
    if (isProduction && what.includes('cleanStores')) continue
    test(what, () => {
      const result = run(codeOf(what), makeWorld(), codeOf(then))
      const expected = new Function(`return (${codeOf(is)})`)()
      assert.equal(inspect(result), inspect(expected))
      checkOthers()
    })
  }
})

test('what would do harm is an error in production, too', { skip: isProduction }, () => {
  const env = { ...process.env, NODE_ENV: 'production' }
  // Or Node would take it for a part of this test
  delete env.NODE_TEST_CONTEXT
  const flags = ['--test-reporter=tap', file]
  const output = execFileSync(process.execPath, flags, { encoding: 'utf8', env, timeout: 60_000 })
  assert.match(output, /^# fail 0$/m)
  const [, passed] = /^# pass (\d+)$/m.exec(output)
  assert.ok(passed > 20, `${passed} passed`)
})

test('a check that is left out is found out', () => {
  assert.throws(() => checkError('count.listen(() => {})', 'anything'))
  assert.throws(() => checkError('count.set(5); throw new Error("no")', 'another'))
})
