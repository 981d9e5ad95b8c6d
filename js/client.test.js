import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { isSame, setBuild } from './arrivals.js'
import { hydrate } from './client.js'
import { atom, computed, map, share } from './index.js'
import { createLagoon } from './server.js'

let errors = []
let { error } = console
let now = 0
let performanceNow = performance.now
let names = 0

beforeEach(() => {
  console.error = (...args) => errors.push(args.map(String).join(' '))
  mock.timers.enable({ apis: ['setTimeout'] })
  now = 1000
  performance.now = () => now
  setBuild('new')
  let { arrivals } = globalThis.nanostoresGlobal
  arrivals.waiting.clear()
  arrivals.reported.clear()
  arrivals.offset = Infinity
})

afterEach(() => {
  console.error = error
  mock.timers.reset()
  performance.now = performanceNow
  assert.deepEqual(errors.splice(0), [])
})

const makeName = () => `store ${++names}`

// What a server would send that holds these values.
const say = values =>
  `{${Object.entries(values).map(([name, value]) => {
    let lagoon = createLagoon()
    let $store = share(`${name} on the server ${++names}`, atom())
    lagoon.run(() => $store.set(value))
    return lagoon.snapshot().slice(1, -1).replace($store.name, name)
  })}}`

test('gives a value to a store that is there', () => {
  let name = makeName()
  let $count = share(name, atom(0))
  let calls = []
  $count.listen(value => calls.push(value))
  hydrate(say({ [name]: 5 }))
  assert.deepEqual(calls, [5])
})

test('a store that is shared later begins with its value', () => {
  let name = makeName()
  hydrate(say({ [name]: { a: 1 } }), { build: 'new' })
  assert.deepEqual(share(name, map({ a: 0 })).get(), { a: 1 })
})

test('of what comes for a store before it is shared, the latest counts', () => {
  let name = makeName()
  hydrate(say({ [name]: 1 }), { at: 5, build: 'new' })
  hydrate(say({ [name]: 3 }), { at: 6, build: 'new' })
  hydrate(say({ [name]: 2 }), { at: 5, build: 'new' })
  assert.equal(share(name, atom(0)).get(), 3)
})

test('carries many stores, and every kind of value', () => {
  let value = [new Date(5), new Map([['a', new Set([1n])]]), new Uint8Array([7]), undefined, -0]
  let name = makeName()
  let other = makeName()
  let $store = share(name, atom())
  let $other = share(other, atom(''))
  hydrate(say({ [name]: value, [other]: 'x' }))
  assert.deepEqual($store.get(), value)
  assert.equal($other.get(), 'x')
})

test('needs what snapshot() gave', () => {
  let message = /^TypeError: Lagoon: hydrate\(\) needs the text that snapshot\(\) gave$/
  for (let bad of ['', '{', '[1]', 'null', undefined]) {
    assert.throws(
      () => hydrate(bad),
      error => message.test(String(error))
    )
  }
})

test('a snapshot made before the last one is left out', () => {
  let name = makeName()
  let $count = share(name, atom(0))
  hydrate(say({ [name]: 2 }), { at: 2000, build: 'new' })
  hydrate(say({ [name]: 1 }), { at: 1999, build: 'new' })
  assert.equal($count.get(), 2)
  hydrate(say({ [name]: 3 }), { at: 2000, build: 'new' })
  assert.equal($count.get(), 3, 'of the same page, later')
})

test('what the server said before does not undo what the browser wrote', () => {
  let name = makeName()
  let $list = share(name, atom([]))
  hydrate(say({ [name]: ['a'] }), { at: 2000 })
  $list.set(['a', 'b'])
  now = 2000
  hydrate(say({ [name]: ['a'] }), { at: 3000, since: 2000 })
  assert.deepEqual($list.get(), ['a', 'b'])
  hydrate(say({ [name]: [] }), { at: 3001, since: 2000 })
  assert.deepEqual($list.get(), [], 'that is news')
})

test('the value with which a store begins is no news', () => {
  let name = makeName()
  let $cart = share(name, map({}))
  $cart.setKey('a', 1)
  now = 2000
  hydrate(say({ [name]: {} }), { at: 3000, since: 2000 })
  assert.deepEqual($cart.get(), { a: 1 })
})

test('two values are the same if they look so', () => {
  let values = () => [
    undefined,
    null,
    NaN,
    0,
    -0,
    '0',
    10n,
    {},
    { a: undefined },
    { b: undefined },
    [],
    [undefined],
    [[1]],
    new Date(0),
    new Date(1),
    new Date(NaN),
    new URL('https://example.org/a'),
    new URL('https://example.org/b'),
    /a/g,
    /a/i,
    new Map(),
    new Map([[1, { a: 1 }]]),
    new Map([[1, { a: 2 }]]),
    new Set([1]),
    new Set(['1']),
    new Uint8Array([1]),
    new Int8Array([1]),
    new Uint8Array([2])
  ]
  for (let [i, a] of values().entries()) {
    for (let [j, b] of values().entries()) assert.equal(isSame(a, b), i === j, `${i}, ${j}`)
  }
  assert.equal(isSame(new ArrayBuffer(1), new ArrayBuffer(1)), false, 'nobody has looked')
})

test('what the browser wrote after it asked for the page stays', () => {
  let name = makeName()
  let $count = share(name, atom(0))
  now = 5000
  $count.set(1)
  hydrate(say({ [name]: 2 }), { at: 5990, since: 4999 })
  assert.equal($count.get(), 1)
  hydrate(say({ [name]: 3 }), { at: 5991, since: 5000 })
  assert.equal($count.get(), 3)
})

test('a page that was asked for before the navigation, and kept, knows less', () => {
  let name = makeName()
  let $count = share(name, atom(0))
  // The server's clock is 10,000 ahead
  now = 100
  hydrate('{}', { at: 10_100, since: 0 })
  now = 300
  $count.set(1)
  now = 500
  hydrate(say({ [name]: 2 }), { at: 10_299, since: 400 })
  assert.equal($count.get(), 1)
  hydrate(say({ [name]: 3 }), { at: 10_301, since: 400 })
  assert.equal($count.get(), 3)
})

test('a write by a listener of the server’s value counts as one by the browser', () => {
  let name = makeName()
  let $count = share(name, atom(0))
  $count.listen(value => {
    if (value === 5) $count.set(6)
  })
  hydrate(say({ [name]: 5 }))
  hydrate(say({ [name]: 7 }))
  assert.equal($count.get(), 6)
})

test('from another build: what has another shape is left out and reported once, store by store', () => {
  let [count, user, list, any, checked] = Array.from({ length: 5 }, makeName)
  let $count = share(count, atom(0))
  let $user = share(user, map({ name: 'a' }))
  let $list = share(list, atom([1]))
  let $any = share(any, atom())
  let $checked = share(checked, atom(0), { accepts: value => value > 5 })
  let data = say({ [count]: '1', [user]: ['a'], [list]: { 0: 1 }, [any]: 'x', [checked]: 4 })
  hydrate(data, { build: 'old' })
  hydrate(data, { build: 'old' })
  assert.deepEqual(
    [$count, $user, $list, $any, $checked].map($store => $store.get()),
    [0, { name: 'a' }, [1], 'x', 0]
  )
  let reports = errors.splice(0)
  assert.equal(reports.length, 4)
  for (let [i, name] of [count, user, list, checked].entries()) {
    let expected = `Lagoon: the server's value for '${name}' is left out: it has another shape than the store. `
    assert.ok(reports[i].startsWith(expected), reports[i])
  }
  hydrate(say({ [count]: null, [checked]: 6 }), { build: 'old' })
  assert.equal($count.get(), null)
  assert.equal($checked.get(), 6)
})

test('the same build is trusted', () => {
  let name = makeName()
  let $mixed = share(name, atom(0))
  hydrate(say({ [name]: 'text' }), { build: 'new' })
  assert.equal($mixed.get(), 'text')
})

test('a map takes objects only, whatever the build', () => {
  let name = makeName()
  let $user = share(name, map({ name: 'a' }))
  hydrate(say({ [name]: 5 }), { build: 'old' })
  assert.deepEqual($user.get(), { name: 'a' })
  assert.match(errors.splice(0).join(), /has another shape/)
})

test('what is a computed now is left out', () => {
  let $count = atom(1)
  for (let $double of [computed($count, value => value * 2), computed(() => $count.get() * 2)]) {
    let name = makeName()
    share(name, $double)
    hydrate(say({ [name]: 5 }))
    assert.equal($double.value, undefined)
    assert.equal($double.get(), 2)
    assert.match(
      errors.splice(0).join(),
      /does not fit the store.*a computed has no value of its own/
    )
  }
})

test('values that this version can’t read are left out', () => {
  let name = makeName()
  let $store = share(name, atom(0))
  let other = makeName()
  let $other = share(other, atom(0))
  hydrate(`{"${name}":[["Unheard",1],2],"${other}":[1]}`)
  assert.equal($store.get(), 0)
  assert.equal($other.get(), 1)
  assert.match(errors.splice(0).join(), new RegExp(`'${name}' is left out`))
})

test('unknown names are reported at once where all names are known', () => {
  let name = makeName()
  let known = makeName()
  hydrate(say({ [name]: 1, [known]: 2 }), { build: 'old', names: [known] })
  let [report, ...more] = errors.splice(0)
  assert.equal(
    report,
    `Lagoon: the server's value for '${name}' is left out: nothing is shared by that name. ` +
      `Share a store as '${name}', or reload the page`
  )
  assert.deepEqual(more, [])
  assert.equal(share(known, atom(0)).get(), 2)
})

test('unknown names are reported after 10 seconds where they are not', () => {
  let name = makeName()
  let soon = makeName()
  hydrate(say({ [name]: 1, [soon]: 2 }))
  hydrate(say({ [makeName()]: 1 }), { build: 'new' })
  mock.timers.tick(9999)
  share(soon, atom(0))
  mock.timers.tick(1)
  let reports = errors.splice(0)
  assert.ok(reports.some(report => report.includes(`'${name}'`)))
  assert.ok(!reports.some(report => report.includes(`'${soon}'`)))
  assert.equal(share(name, atom(0)).get(), 1, 'it is kept all the same')
})

test('a listener that throws keeps no other store from its value', async () => {
  let name = makeName()
  let other = makeName()
  let $store = share(name, atom(0))
  let $other = share(other, atom(0))
  $store.listen(() => {
    throw new Error('from a listener')
  })
  // Node's runner listens as well, and would fail the test
  let listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  let thrown = new Promise(resolve => process.once('uncaughtException', resolve))
  hydrate(say({ [name]: 1, [other]: 2 }))
  let { message } = await thrown
  for (let listener of listeners) process.on('uncaughtException', listener)
  assert.equal(message, 'from a listener')
  assert.equal($store.get(), 1)
  assert.equal($other.get(), 2)
})
