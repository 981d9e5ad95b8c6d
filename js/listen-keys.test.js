import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  batch,
  deepMap,
  listenKeys,
  map,
  recorder,
  silenceConsole,
  subscribeKeys
} from '../tests/library.js'

silenceConsole()

test('listenKeys calls for the keys in its list only', () => {
  const store = map({ a: 1, b: 1, c: 1 })
  const listener = recorder()
  const unbind = listenKeys(store, ['a', 'b'], listener)
  store.setKey('a', 2)
  store.setKey('b', 2)
  store.setKey('c', 2)
  unbind()
  store.setKey('a', 3)
  assert.deepEqual(listener.calls, [
    [{ a: 2, b: 1, c: 1 }, { a: 1, b: 1, c: 1 }, 'a'],
    [{ a: 2, b: 2, c: 1 }, { a: 2, b: 1, c: 1 }, 'b']
  ])
  assert.equal(store.lc, 0)
})

test('subscribeKeys also calls at once, with the value alone', () => {
  const store = map({ a: 1, b: 1 })
  const listener = recorder()
  const unbind = subscribeKeys(store, ['a'], listener)
  store.setKey('b', 2)
  store.setKey('a', 2)
  unbind()
  store.setKey('a', 3)
  assert.deepEqual(listener.calls, [[{ a: 1, b: 1 }], [{ a: 2, b: 2 }, { a: 1, b: 2 }, 'a']])
})

test('an empty list of keys never calls', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  listenKeys(store, [], listener)
  store.setKey('a', 2)
  store.set({ a: 3 })
  assert.deepEqual(listener.calls, [])
})

test('a key that appears or goes is a change', () => {
  const store = map()
  const listener = recorder()
  listenKeys(store, ['a'], listener)
  store.setKey('a', 1)
  store.setKey('a', undefined)
  assert.deepEqual(listener.calls, [
    [{ a: 1 }, {}, 'a'],
    [{}, { a: 1 }, 'a']
  ])
})

test('after set each key is compared', () => {
  const store = map({ a: 1, b: 1 })
  const listener = recorder()
  listenKeys(store, ['a'], listener)
  store.set({ a: 1, b: 2 })
  assert.deepEqual(listener.calls, [])
  store.set({ a: 2, b: 2 })
  assert.deepEqual(listener.calls, [[{ a: 2, b: 2 }, { a: 1, b: 2 }, undefined]])
})

test('after set each key is compared with eqKey', () => {
  const store = map({ size: 1 })
  const listener = recorder()
  store.eqKey = (a, b) => Math.abs(a - b) < 5
  listenKeys(store, ['size'], listener)
  store.set({ size: 3 })
  assert.deepEqual(listener.calls, [])
  store.set({ size: 9 })
  assert.equal(listener.calls.length, 1)
})

test('after a batch each key is compared with its value before', () => {
  const store = map({ a: 1, b: 1 })
  const a = recorder()
  const b = recorder()
  listenKeys(store, ['a'], a)
  listenKeys(store, ['b'], b)
  batch(() => {
    store.setKey('a', 2)
    store.setKey('b', 2)
    store.setKey('b', 1)
  })
  assert.deepEqual(a.calls, [[{ a: 2, b: 1 }, { a: 1, b: 1 }, undefined]])
  assert.deepEqual(b.calls, [])
})

test('notify without an old value concerns every key', () => {
  const store = map({ a: 1 })
  const listener = recorder()
  listenKeys(store, ['a'], listener)
  store.notify()
  assert.deepEqual(listener.calls, [[{ a: 1 }, undefined, undefined]])
})

test('a key of a map may have dots and brackets in it', () => {
  const store = map({ 'a.b': 1, 'c[0]': 1 })
  const listener = recorder()
  listenKeys(store, ['a.b', 'c[0]'], listener)
  store.setKey('a.b', 2)
  store.setKey('c[0]', 2)
  store.set({ 'a.b': 2, 'c[0]': 3 })
  assert.equal(listener.calls.length, 3)
})

test('symbols and numbers can be listened to', () => {
  const key = Symbol('key')
  const store = map({ [key]: 1, 1: 'one' })
  const listener = recorder()
  listenKeys(store, [key, 1], listener)
  store.setKey(key, 2)
  store.setKey(1, 'two')
  store.setKey('other', 1)
  store.set({ [key]: 3, 1: 'two' })
  assert.equal(listener.calls.length, 3)
})

test('listenKeys of a deep map calls for the paths in its list only', () => {
  const store = deepMap({ user: { name: 'Ada', age: 36 }, tags: ['a', 'b'] })
  const listener = recorder()
  listenKeys(store, ['user.name', 'tags[1]'], listener)
  store.setKey('user.age', 37)
  store.setKey('tags[0]', 'A')
  assert.deepEqual(listener.calls, [])
  store.setKey('user.name', 'Grace')
  store.setKey('tags[1]', 'B')
  assert.deepEqual(
    listener.calls.map(call => call[2]),
    ['user.name', 'tags[1]']
  )
})

test('a write above a path concerns it, if what is there changed', () => {
  const store = deepMap({ user: { name: 'Ada', age: 36 } })
  const listener = recorder()
  listenKeys(store, ['user.name'], listener)
  store.setKey('user', { name: 'Ada', age: 37 })
  assert.deepEqual(listener.calls, [])
  store.setKey('user', { name: 'Grace', age: 37 })
  assert.equal(listener.calls.length, 1)
  store.set({ user: { name: 'Grace', age: 38 } })
  assert.equal(listener.calls.length, 1)
  store.set({})
  assert.equal(listener.calls.length, 2)
})

test('a write below a first key concerns it', () => {
  const store = deepMap({ user: { name: 'Ada' }, tags: ['a'] })
  const listener = recorder()
  listenKeys(store, ['user', 'tags'], listener)
  store.setKey('user.name', 'Grace')
  store.setKey('tags[0]', 'b')
  assert.equal(listener.calls.length, 2)
})

test('a write below a longer path concerns it', () => {
  const store = deepMap({ a: { b: { c: 1 } } })
  const listener = recorder()
  listenKeys(store, ['a.b'], listener)
  store.setKey('a.b.c', 2)
  assert.equal(listener.calls.length, 1)
})

test('an item that moves up concerns its new index', () => {
  const store = deepMap({ tags: ['a', 'b'] })
  const listener = recorder()
  listenKeys(store, ['tags[1]'], listener)
  store.setKey('tags[0]', undefined)
  assert.deepEqual(listener.calls, [[{ tags: ['b'] }, { tags: ['a', 'b'] }, 'tags[0]']])
})

test('after a batch each path of a deep map is compared', () => {
  const store = deepMap({ a: { b: 1, c: 1 } })
  const b = recorder()
  const c = recorder()
  listenKeys(store, ['a.b'], b)
  listenKeys(store, ['a.c'], c)
  batch(() => store.setKey('a.b', 2))
  assert.equal(b.calls.length, 1)
  assert.deepEqual(c.calls, [])
})
