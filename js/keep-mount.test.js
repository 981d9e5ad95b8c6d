import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import {
  atom,
  cleanStores,
  computed,
  keepMount,
  mapCreator,
  onMount,
  STORE_UNMOUNT_DELAY
} from '../tests/library.js'

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

test('keepMount mounts a store, and it stays mounted', () => {
  const store = atom(0)
  const order = []
  onMount(store, () => {
    order.push('mount')
    return () => order.push('unmount')
  })
  assert.equal(keepMount(store), undefined)
  assert.deepEqual(order, ['mount'])
  store.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY * 2)
  assert.deepEqual(order, ['mount'])
  assert.equal(store.lc, 1)
})

test('keepMount keeps the stores of a computed mounted', () => {
  const source = atom(1)
  const store = computed(source, value => value * 2)
  keepMount(store)
  source.set(2)
  assert.equal(store.value, 4)
  assert.equal(source.lc, 1)
})

test('cleanStores ends it', () => {
  const store = atom(0)
  keepMount(store)
  cleanStores(store)
  assert.equal(store.lc, 0)
})

test('a creator is no store', () => {
  assert.throws(() => keepMount(mapCreator()), TypeError)
})
