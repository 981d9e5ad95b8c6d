import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { atom as nanoAtom } from 'nanostores'
import {
  allTasks,
  atom,
  batched,
  clean,
  cleanStores,
  computed,
  deepMap,
  keepMount,
  map,
  onMount,
  onStop,
  recorder,
  runInNode,
  silenceConsole,
  startTask,
  STORE_UNMOUNT_DELAY
} from '../tests/library.js'

silenceConsole()
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

test('cleanStores takes all listeners off', () => {
  for (const store of [atom(0), map(), deepMap(), computed(atom(0), value => value)]) {
    const listener = recorder()
    store.listen(listener)
    store.listen(listener)
    store.listen(() => {})
    cleanStores(store)
    assert.equal(store.lc, 0)
    store.set({ changed: true })
    assert.deepEqual(listener.calls, [])
  }
})

test('cleanStores unmounts at once, and only once', () => {
  const store = atom(0)
  const order = []
  onMount(store, () => {
    order.push('mount')
    return () => order.push('unmount')
  })
  keepMount(store)
  cleanStores(store)
  assert.deepEqual(order, ['mount', 'unmount'])
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(order, ['mount', 'unmount'])
  keepMount(store)
  assert.deepEqual(order, ['mount', 'unmount', 'mount'])
})

test('cleanStores unmounts a store that waits for it', () => {
  const store = atom(0)
  const order = []
  onMount(store, () => () => order.push('unmount'))
  store.get()
  cleanStores(store)
  assert.deepEqual(order, ['unmount'])
})

test('what ends in cleanStores may read the store, which stays unmounted', () => {
  const order = []
  for (const use of [keepMount, store => store.get()]) {
    const store = atom(0)
    onMount(store, () => {
      order.push('mount')
      return () => order.push(`unmount at ${store.get()}`)
    })
    use(store)
    cleanStores(store)
    mock.timers.tick(STORE_UNMOUNT_DELAY)
    assert.equal(store.lc, 0)
  }
  assert.deepEqual(order, ['mount', 'unmount at 0', 'mount', 'unmount at 0'])
})

test('cleanStores does not unmount what is not mounted', () => {
  const store = atom(0)
  const order = []
  onMount(store, () => () => order.push('unmount'))
  cleanStores(store)
  assert.deepEqual(order, [])
})

test('cleanStores calls onStop', () => {
  const store = atom(0)
  const stop = recorder()
  onStop(store, stop)
  keepMount(store)
  cleanStores(store)
  assert.equal(stop.calls.length, 1)
})

test('an atom and a map keep their value, a computed forgets it', () => {
  const count = atom(1)
  const object = map({ a: 1 })
  const double = computed(count, value => value * 2)
  count.set(2)
  object.setKey('a', 2)
  assert.equal(double.get(), 4)
  cleanStores(count, object, double)
  assert.equal(count.value, 2)
  assert.deepEqual(object.value, { a: 2 })
  assert.equal(double.value, undefined)
  assert.equal(double.get(), 4)
})

test('a cleaned computed leaves its stores, and works again', () => {
  for (const make of [computed, batched]) {
    const count = atom(1)
    let runs = 0
    const store = make(count, value => {
      runs++
      return value * 2
    })
    keepMount(store)
    cleanStores(store)
    assert.equal(count.lc, 0)
    mock.timers.tick(STORE_UNMOUNT_DELAY)
    const listener = recorder()
    store.subscribe(listener)
    count.set(2)
    mock.timers.tick(0)
    assert.deepEqual(listener.calls, [[2], [4, 2, undefined]])
    assert.equal(runs, 3)
  }
})

test('unbinding after cleanStores does nothing', () => {
  const store = atom(0)
  const unbind = store.listen(() => {})
  cleanStores(store)
  store.listen(() => {})
  unbind()
  assert.equal(store.lc, 1)
})

test('a store that was cleaned can be used as before', () => {
  const store = atom(0)
  store.listen(() => {})
  cleanStores(store)
  const listener = recorder()
  store.listen(listener)
  store.set(1)
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
})

test('cleanStores ends what onMount began on a store of the package nanostores', () => {
  let $store = nanoAtom(1)
  let ended = 0
  onMount($store, () => () => ended++)
  $store.listen(() => {})
  cleanStores($store)
  assert.equal(ended, 1)
})

test('cleanStores skips what is missing, and removes mocked', () => {
  const store = atom(0)
  store.mocked = true
  cleanStores(undefined, null, store, {})
  assert.equal('mocked' in store, false)
})

test('cleanStores forgets the running tasks', async () => {
  startTask()
  cleanStores()
  await allTasks()
})

test('clean is a symbol, under which an object of any kind can say what to do', () => {
  const own = recorder()
  assert.equal(typeof clean, 'symbol')
  cleanStores({ [clean]: own })
  assert.equal(own.calls.length, 1)
})

test('in production cleanStores throws, and stores have no clean', async () => {
  const output = await runInNode(
    `const { atom, clean, cleanStores, computed, map, mapCreator, onMount } = library
    const stores = [atom(1), map({}), computed(atom(1), value => value), mapCreator(), mapCreator()('id')]
    onMount(stores[0], () => {})
    console.log(stores.some(store => clean in store))
    try {
      cleanStores(stores[0])
    } catch (error) {
      console.log(error instanceof Error, error.message)
    }`,
    { env: { NODE_ENV: 'production' } }
  )
  const [hasClean, error] = output.trim().split('\n')
  assert.equal(hasClean, 'false')
  assert.match(error, /^true .*cleanStores\(\)/)
})

test('in production stores work as ever, and nobody is warned', async () => {
  const output = await runInNode(
    `const { atom, computed, deepMap, getKey, onMount, task } = library
    const count = atom(1)
    const double = computed(count, value => value * 2)
    onMount(double, () => console.log('mount'))
    double.subscribe(value => console.log(value))
    count.set(2)
    console.log(getKey(deepMap({ a: 1 }), 'a'))
    computed(count, () => task(async () => {})).get()
    process.exit()`,
    { env: { NODE_ENV: 'production' } }
  )
  assert.deepEqual(output.trim().split('\n'), ['mount', '2', '4', '1'])
})

test('cleanStores of a source: what is computed below it is computed at each read', () => {
  const source = atom(1)
  const middle = computed(source, value => value * 10)
  const last = computed(middle, value => value + 1)
  const below = computed(last, value => value)
  for (const store of [middle, last, below]) store.listen(() => {})
  cleanStores(source)
  source.set(5)
  assert.equal(last.get(), 51)
  assert.equal(below.get(), 51)
})

test('cleanStores leaves functions as they are that listen to other stores, too', () => {
  const a = atom(1)
  const b = atom(1)
  const calls = []
  const listener = Object.freeze(value => calls.push(value))
  a.listen(listener)
  b.listen(listener)
  cleanStores(a)
  b.set(2)
  assert.deepEqual(calls, [2])
})
