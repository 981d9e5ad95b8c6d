import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { cleanStores, map, mapCreator, recorder, STORE_UNMOUNT_DELAY } from '../tests/library.js'

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

test('a creator makes a map with its id', () => {
  const product = mapCreator()
  assert.deepEqual(product('lamp').get(), { id: 'lamp' })
  product('lamp').setKey('price', 39)
  assert.deepEqual(product('lamp').get(), { id: 'lamp', price: 39 })
})

test('the same id gets the same map', () => {
  const product = mapCreator()
  assert.equal(product('lamp'), product('lamp'))
  assert.notEqual(product('lamp'), product('map'))
  assert.equal(product.cache.lamp, product('lamp'))
  assert.notEqual(mapCreator()('lamp'), product('lamp'))
})

test('the function is called at the mount, with the map, the id and the arguments', () => {
  const calls = []
  const product = mapCreator((...args) => {
    calls.push(args)
    args[0].setKey('price', args[2])
  })
  const lamp = product('lamp', 39, 'EUR')
  assert.deepEqual(calls, [])
  const listener = recorder()
  lamp.subscribe(listener)
  product('lamp', 40, 'USD').listen(() => {})
  assert.equal(calls.length, 1)
  assert.equal(calls[0][0], lamp)
  assert.deepEqual(calls[0].slice(1), ['lamp', 39, 'EUR'])
  assert.deepEqual(listener.calls, [[{ id: 'lamp', price: 39 }]])
})

test('a map is kept until it is unmounted', () => {
  const order = []
  const product = mapCreator((_store, id) => {
    order.push(`mount ${id}`)
    return () => order.push(`unmount ${id}`)
  })
  const lamp = product('lamp')
  const unbind = lamp.listen(() => {})
  unbind()
  assert.equal(product('lamp'), lamp)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(order, ['mount lamp', 'unmount lamp'])
  assert.deepEqual(Object.keys(product.cache), [])
  assert.notEqual(product('lamp'), lamp)
})

test('a map without a function is dropped when it is unmounted, too', () => {
  const product = mapCreator()
  product('lamp').get()
  product('other')
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(Object.keys(product.cache), ['other'])
})

test('an id that every object has is refused', () => {
  const product = mapCreator()
  for (const id of ['constructor', 'toString', '__proto__']) {
    assert.throws(() => product(id), Error, id)
  }
  assert.deepEqual(Object.keys(product.cache), [])
})

test('build makes a map and does not keep it', () => {
  const product = mapCreator(store => store.setKey('built', true))
  const lamp = product.build('lamp')
  assert.deepEqual(lamp.get(), { id: 'lamp', built: true })
  assert.deepEqual(product.cache, {})
})

test('build can be replaced', () => {
  const product = mapCreator()
  product.build = (id, price) => map({ id, price })
  assert.deepEqual(product('lamp', 39).get(), { id: 'lamp', price: 39 })
})

test('what the function throws, the listener’s mount throws', () => {
  const product = mapCreator(() => {
    throw new Error('init')
  })
  assert.throws(() => product('lamp').listen(() => {}), { message: 'init' })
  assert.equal(product('lamp').lc, 0)
})

test('cleanStores unmounts and forgets all maps of a creator', () => {
  const order = []
  const product = mapCreator((_store, id) => () => order.push(id))
  const listener = recorder()
  const lamp = product('lamp')
  lamp.listen(listener)
  product('map').listen(() => {})
  product('unmounted')
  cleanStores(product)
  assert.deepEqual(order.sort(), ['lamp', 'map'])
  assert.deepEqual(product.cache, {})
  assert.equal(lamp.lc, 0)
  lamp.setKey('a', 1)
  assert.deepEqual(listener.calls, [])
})
