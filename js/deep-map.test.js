import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  atom,
  batch,
  computed,
  deepMap,
  getKey,
  map,
  recorder,
  silenceConsole
} from '../tests/library.js'

const warnings = silenceConsole()

test('deepMap warns once that it is deprecated', () => {
  deepMap()
  deepMap()
  assert.equal(warnings.length, 1)
  assert.match(warnings[0], /deprecated|removed/)
})

test('a deep map has the object that it was made with', () => {
  const value = { user: { name: 'Ada' } }
  const store = deepMap(value)
  assert.equal(store.get(), value)
  assert.equal(store.init, value)
  assert.deepEqual(deepMap().get(), {})
})

test('setKey writes to a path, into a copy', () => {
  const value = { user: { name: 'Ada', tags: ['a'] }, other: {} }
  const store = deepMap(value)
  store.setKey('user.name', 'Grace')
  store.setKey('user.tags[1]', 'b')
  assert.deepEqual(store.get(), { user: { name: 'Grace', tags: ['a', 'b'] }, other: {} })
  assert.equal(store.get().other, value.other)
  assert.deepEqual(value, { user: { name: 'Ada', tags: ['a'] }, other: {} })
})

test('a listener is told the value, the one before, and the path', () => {
  const store = deepMap({ user: { name: 'Ada' }, tags: [] })
  const listener = recorder()
  store.subscribe(listener)
  store.setKey('user.name', 'Grace')
  store.setKey('tags[0]', 'x')
  store.set({ tags: [] })
  assert.deepEqual(listener.calls, [
    [{ user: { name: 'Ada' }, tags: [] }],
    [{ user: { name: 'Grace' }, tags: [] }, { user: { name: 'Ada' }, tags: [] }, 'user.name'],
    [{ user: { name: 'Grace' }, tags: ['x'] }, { user: { name: 'Grace' }, tags: [] }, 'tags[0]'],
    [{ tags: [] }, { user: { name: 'Grace' }, tags: ['x'] }, undefined]
  ])
})

test('the same value at a path is no change', () => {
  const value = { user: { name: 'Ada' } }
  const store = deepMap(value)
  const listener = recorder()
  store.listen(listener)
  store.setKey('user.name', 'Ada')
  store.setKey('user', value.user)
  store.setKey('nobody.name', undefined)
  assert.equal(store.get(), value)
  assert.deepEqual(listener.calls, [])
})

test('undefined removes a key, and takes an item out of its list', () => {
  const store = deepMap({ user: { name: 'Ada', age: 36 }, tags: ['a', 'b', 'c'] })
  store.setKey('user.age', undefined)
  store.setKey('tags[1]', undefined)
  assert.deepEqual(store.get(), { user: { name: 'Ada' }, tags: ['a', 'c'] })
})

test('setKey makes what is missing on the path', () => {
  const store = deepMap()
  store.setKey('shop.items[0].tags[1]', 'new')
  assert.equal(getKey(store, 'shop.items[0].tags[1]'), 'new')
  assert.ok(Array.isArray(store.get().shop.items[0].tags))
})

test('a computed follows a deep map', () => {
  const store = deepMap({ user: { name: 'Ada', age: 36 } })
  const seen = []
  computed(store, ({ user }) => user.name).subscribe(name => seen.push(name))
  store.setKey('user.age', 37)
  store.setKey('user.name', 'Grace')
  assert.deepEqual(seen, ['Ada', 'Grace'])
})

test('after a batch a listener is told no path', () => {
  const store = deepMap({ a: { b: 1 }, c: 1 })
  const listener = recorder()
  store.listen(listener)
  batch(() => {
    store.setKey('a.b', 2)
    store.setKey('c', 2)
  })
  assert.deepEqual(listener.calls, [[{ a: { b: 2 }, c: 2 }, { a: { b: 1 }, c: 1 }, undefined]])
})

test('getKey reads a path in a store of any kind', () => {
  assert.equal(getKey(deepMap({ user: { name: 'Ada' } }), 'user.name'), 'Ada')
  assert.equal(getKey(map({ tags: ['a'] }), 'tags[0]'), 'a')
  assert.equal(getKey(atom({ a: 1 }), 'a'), 1)
  assert.equal(
    getKey(
      computed(atom(1), value => ({ value })),
      'value'
    ),
    1
  )
  assert.equal(getKey(map({}), 'no.body'), undefined)
  assert.equal(getKey(atom(), 'a'), undefined)
})
