import assert from 'node:assert/strict'
import { test } from 'node:test'
import { map, recorder } from '../tests/library.js'

test('a map has the object that it was made with', () => {
  const value = { name: 'Ada' }
  const store = map(value)
  assert.equal(store.get(), value)
  assert.equal(store.init, value)
  assert.equal(store.eqKey, Object.is)
})

test('a map made with nothing is empty, and shares its object with no other', () => {
  const store = map()
  assert.deepEqual(store.get(), {})
  assert.notEqual(store.get(), map().get())
})

test('setKey writes one key into a copy', () => {
  const value = { name: 'Ada', tags: ['a'] }
  const store = map(value)
  store.setKey('name', 'Grace')
  assert.deepEqual(store.get(), { name: 'Grace', tags: ['a'] })
  assert.equal(store.get().tags, value.tags)
  assert.deepEqual(value, { name: 'Ada', tags: ['a'] })
})

test('a listener is told the value, the one before, and the key', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  store.listen(listener)
  store.setKey('a', 2)
  store.setKey('b', 3)
  assert.deepEqual(listener.calls, [
    [{ a: 2 }, { a: 1 }, 'a'],
    [{ a: 2, b: 3 }, { a: 2 }, 'b']
  ])
})

test('subscribe calls at once, with the value alone', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  store.subscribe(listener)
  store.setKey('a', 2)
  assert.deepEqual(listener.calls, [[{ a: 1 }], [{ a: 2 }, { a: 1 }, 'a']])
})

test('set replaces the whole object, without a key', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  const value = { b: 2 }
  store.listen(listener)
  store.set(value)
  assert.equal(store.get(), value)
  assert.deepEqual(listener.calls, [[{ b: 2 }, { a: 1 }, undefined]])
})

test('an equal value of a key is no change, and makes no copy', () => {
  const value = { zero: 0, nan: NaN, list: [], none: null }
  const store = map(value)
  const listener = recorder()
  store.listen(listener)
  for (const key of Object.keys(value)) store.setKey(key, value[key])
  store.set(value)
  assert.equal(store.get(), value)
  assert.deepEqual(listener.calls, [])
  store.setKey('zero', -0)
  assert.equal(listener.calls.length, 1)
})

test('undefined removes a key', () => {
  const store = map({ a: 1, b: 2 })
  const listener = recorder()
  store.listen(listener)
  store.setKey('a', undefined)
  assert.deepEqual(Object.keys(store.get()), ['b'])
  assert.deepEqual(listener.calls, [[{ b: 2 }, { a: 1, b: 2 }, 'a']])
})

test('undefined removes a key whose value is undefined, too', () => {
  const store = map({ a: undefined })
  const listener = recorder()
  store.listen(listener)
  store.setKey('a', undefined)
  assert.deepEqual(Object.keys(store.get()), [])
  assert.equal(listener.calls.length, 1)
})

test('undefined for a key that is not there is no change', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  store.listen(listener)
  store.setKey('b', undefined)
  assert.deepEqual(Object.keys(store.get()), ['a'])
  assert.deepEqual(listener.calls, [])
})

test('keys may be numbers and symbols', () => {
  const key = Symbol('key')
  const store = map()
  const listener = recorder()
  store.listen(listener)
  store.setKey(1, 'one')
  store.setKey(key, 'symbol')
  assert.equal(store.get()[1], 'one')
  assert.equal(store.get()[key], 'symbol')
  assert.deepEqual(
    listener.calls.map(call => call[2]),
    [1, key]
  )
})

test('eqKey can be replaced, and decides about each key', () => {
  const store = map({ size: 1, name: 'Ada' })
  const listener = recorder()
  const asked = []
  store.eqKey = (...args) => {
    asked.push(args)
    return args[2] === 'size'
  }
  store.listen(listener)
  store.setKey('size', 2)
  store.setKey('name', 'Ada')
  store.setKey('age', 36)
  assert.deepEqual(asked, [
    [1, 2, 'size'],
    ['Ada', 'Ada', 'name'],
    [undefined, 36, 'age']
  ])
  assert.deepEqual(
    listener.calls.map(call => call[2]),
    ['name', 'age']
  )
  assert.equal(store.get().size, 1)
})

test('eqKey is not asked when a key is removed', () => {
  const store = map({ a: 1 })
  store.eqKey = () => true
  store.setKey('a', undefined)
  assert.deepEqual(store.get(), {})
})

test('set asks eq, and setKey asks eqKey', () => {
  const store = map({ a: 1 })
  store.eq = () => true
  store.set({ a: 2 })
  assert.deepEqual(store.get(), { a: 1 })
  store.setKey('a', 2)
  assert.deepEqual(store.get(), { a: 2 })

  store.eq = () => false
  store.eqKey = () => true
  store.setKey('a', 3)
  assert.deepEqual(store.get(), { a: 2 })
})

test('setKey works when it is taken off the store', () => {
  const { get, setKey } = map({ a: 1 })
  setKey('a', 2)
  assert.deepEqual(get(), { a: 2 })
})

test('a key that a listener writes comes after, with its own old value', () => {
  const store = map({ a: 0, b: 0 })
  const last = recorder()
  store.listen((value, _oldValue, key) => {
    if (key === 'a') store.setKey('b', value.a)
  })
  store.listen(last)
  store.setKey('a', 1)
  assert.deepEqual(last.calls, [
    [{ a: 1, b: 1 }, { a: 0, b: 0 }, 'a'],
    [{ a: 1, b: 1 }, { a: 1, b: 0 }, 'b']
  ])
})

test('notify passes a key on', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  store.listen(listener)
  store.notify({ a: 0 }, 'a')
  assert.deepEqual(listener.calls, [[{ a: 1 }, { a: 0 }, 'a']])
})

test('a write leaves keys of any kind as they were, and in their order', () => {
  const symbol = Symbol('key')
  const ways = {
    plain: {},
    'own __proto__': JSON.parse('{ "__proto__": { "is": "own" } }'),
    symbols: { [symbol]: 1 },
    getter: {
      get half() {
        return 'half'
      }
    }
  }
  for (const [way, start] of Object.entries(ways)) {
    const object = Object.defineProperties({}, Object.getOwnPropertyDescriptors(start))
    for (let i = 7; i > 0; i--) object[i % 3 ? `key ${i}` : i] = i
    const store = map(object)
    let expected = { ...object }
    const keys = ['key 1', 3, 'new', '1', '__proto__', 'key 7', symbol, 'new']
    for (const [i, key] of [...keys, ...keys].entries()) {
      const before = store.get()
      const copy = { ...before }
      const value = key === 'new' && i % 2 ? undefined : i
      expected = { ...expected, [key]: value }
      if (value === undefined) delete expected[key]
      store.setKey(key, value)
      assert.deepEqual(Reflect.ownKeys(store.get()), Reflect.ownKeys(expected), way)
      assert.deepEqual(store.get(), expected, way)
      assert.equal(Object.getPrototypeOf(store.get()), Object.prototype)
      assert.notEqual(store.get(), before)
      assert.deepEqual(before, copy)
    }
  }
})
