import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, mock, test } from 'node:test'
import {
  atom,
  batch,
  batched,
  cleanStores,
  computed,
  difference,
  map,
  onMount,
  onNotify,
  recorder,
  silenceConsole,
  STORE_UNMOUNT_DELAY,
  task
} from '../tests/library.js'

// One test gets a warning that task() in a computed is deprecated.
before(silenceConsole)
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

test('a computed derives its value from another store', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  assert.equal(double.get(), 2)
  count.set(2)
  assert.equal(double.get(), 4)
})

test('a computed derives its value from several stores, in their order', () => {
  const a = atom('a')
  const b = map({ key: 'b' })
  const c = computed(a, value => value.toUpperCase())
  const all = computed([a, b, c], (...values) => values)
  assert.deepEqual(all.get(), ['a', { key: 'b' }, 'A'])
  assert.deepEqual(computed([a], (...values) => values).get(), ['a'])
})

test('a computed needs no stores', () => {
  const listener = recorder()
  let runs = 0
  const store = computed([], () => ++runs)
  assert.equal(store.get(), 1)
  store.subscribe(listener)
  atom(0).set(1)
  assert.equal(store.get(), 1)
  assert.deepEqual(listener.calls, [[1]])
})

test('its function does not run before somebody reads or listens', () => {
  let runs = 0
  const store = computed(atom(1), () => ++runs)
  assert.equal(runs, 0)
  assert.equal(store.value, undefined)
  assert.equal(store.init, undefined)
  store.listen(() => {})
  assert.equal(runs, 1)
  assert.equal(store.value, 1)
})

test('listeners get the value and the one before', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const listener = recorder()
  double.listen(listener)
  count.set(2)
  count.set(3)
  assert.deepEqual(listener.calls, [
    [4, 2, undefined],
    [6, 4, undefined]
  ])
})

test('the first listener is not called for the first value', () => {
  const listener = recorder()
  computed(atom(1), value => value).listen(listener)
  assert.deepEqual(listener.calls, [])
})

test('an equal result is no change', () => {
  const count = atom(1)
  const isOdd = computed(count, value => value % 2 === 1)
  const below = recorder()
  const listener = recorder()
  computed(isOdd, below).listen(() => {})
  isOdd.listen(listener)
  count.set(3)
  count.set(5)
  assert.deepEqual(listener.calls, [])
  assert.deepEqual(below.calls, [[true]])
  count.set(2)
  assert.deepEqual(listener.calls, [[false, true, undefined]])
})

test('eq of a computed decides whether a result is a change', () => {
  const count = atom(1)
  const list = computed(count, value => [value % 2])
  list.eq = (a, b) => a?.[0] === b[0]
  const listener = recorder()
  list.listen(listener)
  const first = list.get()
  count.set(3)
  assert.equal(list.get(), first)
  count.set(4)
  assert.deepEqual(listener.calls, [[[0], [1], undefined]])
})

test('eq of a source decides whether a computed runs', () => {
  const source = atom({ id: 1 })
  let runs = 0
  const store = computed(source, () => ++runs)
  store.listen(() => {})
  source.eq = (a, b) => a.id === b.id
  source.set({ id: 1 })
  assert.equal(runs, 1)
  source.set({ id: 2 })
  assert.equal(runs, 2)
})

test('its function gets the values, and nothing else', () => {
  const a = atom(1)
  const calls = []
  function fn(...values) {
    calls.push([this, ...values])
  }
  for (const sources of [a, [a], [a, a], [a, a, a], []]) computed(sources, fn).subscribe(() => {})
  computed(fn).subscribe(() => {})
  assert.deepEqual(calls, [
    [undefined, 1],
    [undefined, 1],
    [undefined, 1, 1],
    [undefined, 1, 1, 1],
    [undefined],
    [undefined]
  ])
})

test('undefined is a result like others', () => {
  const count = atom(1)
  let runs = 0
  const store = computed(count, value => {
    runs++
    return value > 1 ? value : undefined
  })
  const listener = recorder()
  store.subscribe(listener)
  store.get()
  assert.equal(runs, 1)
  count.set(2)
  count.set(1)
  assert.deepEqual(listener.calls, [
    [undefined],
    [2, undefined, undefined],
    [undefined, 2, undefined]
  ])
})

test('sources of a computed may be undefined', () => {
  const source = atom()
  const store = computed(source, value => value === undefined)
  assert.equal(store.get(), true)
  source.set(1)
  assert.equal(store.get(), false)
})

test('a mounted computed runs once for each change, however often it is read', () => {
  const count = atom(1)
  let runs = 0
  const store = computed(count, value => {
    runs++
    return value
  })
  store.listen(() => {})
  for (let i = 0; i < 5; i++) store.get()
  assert.equal(runs, 1)
  count.set(2)
  for (let i = 0; i < 5; i++) store.get()
  assert.equal(runs, 2)
})

test('an unmounted computed runs again only if what it is made of changed', () => {
  const count = atom(1)
  const other = atom(1)
  let runs = 0
  const store = computed(count, value => {
    runs++
    return value
  })
  store.get()
  store.get()
  other.set(2)
  store.get()
  assert.equal(runs, 1)
  count.set(2)
  assert.equal(store.get(), 2)
  assert.equal(runs, 2)
})

test('a computed that was unmounted is current when it is read or mounted again', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  double.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  count.set(2)
  assert.equal(double.value, 2)
  assert.equal(double.get(), 4)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  count.set(3)
  const listener = recorder()
  double.subscribe(listener)
  assert.deepEqual(listener.calls, [[6]])
})

test('a computed mounts its stores, and leaves them a delay after its last listener', () => {
  const source = atom(1)
  const middle = computed(source, value => value)
  const store = computed(middle, value => value)
  const unbind = store.listen(() => {})
  assert.equal(middle.lc, 1)
  assert.equal(source.lc, 1)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY - 1)
  assert.equal(middle.lc, 1)
  mock.timers.tick(1)
  assert.equal(middle.lc, 0)
  assert.equal(source.lc, 1)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 0)
})

test('reading a computed mounts it for the delay', () => {
  const source = atom(1)
  const store = computed(source, value => value)
  store.get()
  assert.equal(store.lc, 0)
  assert.equal(source.lc, 1)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 0)
})

test('a listener that comes back within the delay finds everything mounted', () => {
  const source = atom(1)
  let runs = 0
  const store = computed(source, () => ++runs)
  store.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY / 2)
  const unbind = store.listen(() => {})
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 1)
  assert.equal(runs, 1)
  source.set(2)
  assert.equal(runs, 2)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 0)
})

test('two computeds leave the store that they share one after the other', () => {
  const source = atom(1)
  const unbinds = [1, 2].map(factor => computed(source, value => value * factor).listen(() => {}))
  assert.equal(source.lc, 2)
  unbinds[0]()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 1)
  unbinds[1]()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 0)
})

test('onMount of a source gives its value before a computed is derived from it', () => {
  const source = atom()
  onMount(source, () => source.set('mounted'))
  const store = computed(source, value => value)
  assert.equal(store.get(), 'mounted')
})

// letter -> upper ─┬─> both
//        -> lower ─┘
const diamond = () => {
  const letter = atom('aB')
  const upper = computed(letter, value => value.toUpperCase())
  const lower = computed(letter, value => value.toLowerCase())
  return { letter, upper, lower }
}

test('a diamond runs once for each change, and never half-way', () => {
  const { letter, upper, lower } = diamond()
  const seen = []
  const both = computed([upper, lower], (a, b) => {
    seen.push(a + b)
    return a + b
  })
  const listener = recorder()
  both.subscribe(listener)
  letter.set('cD')
  assert.deepEqual(seen, ['ABab', 'CDcd'])
  assert.deepEqual(listener.calls, [['ABab'], ['CDcd', 'ABab', undefined]])
})

test('a diamond whose sides do not change does not run', () => {
  const { letter, upper, lower } = diamond()
  let runs = 0
  computed([upper, lower], () => runs++).listen(() => {})
  letter.set('Ab')
  assert.equal(runs, 1)
})

test('a diamond with the source itself as a side runs once', () => {
  const { letter, upper } = diamond()
  const seen = []
  const both = computed([letter, upper], (a, b) => {
    seen.push(a + b)
  })
  both.listen(() => {})
  letter.set('cD')
  assert.deepEqual(seen, ['aBAB', 'cDCD'])
})

test('diamonds below diamonds run once for each change', () => {
  const source = atom(0)
  let runs = 0
  const layer = stores =>
    stores.map(() =>
      computed(stores, (...values) => {
        runs++
        return values.reduce((sum, value) => sum + value)
      })
    )
  const top = [1, 2, 3].map(factor => computed(source, value => value * factor))
  const bottom = computed(layer(layer(layer(top))), (...values) => Math.max(...values))
  const listener = recorder()
  bottom.subscribe(listener)
  assert.equal(runs, 9)
  source.set(1)
  assert.equal(runs, 18)
  assert.deepEqual(listener.calls, [[0], [54, 0, undefined]])
})

test('a deep branch and a short one meet once', () => {
  const source = atom(1)
  let deep = source
  for (let i = 0; i < 10; i++) deep = computed(deep, value => value + 1)
  const seen = []
  computed([source, deep], (a, b) => {
    seen.push([a, b])
  }).listen(() => {})
  source.set(2)
  assert.deepEqual(seen, [
    [1, 11],
    [2, 12]
  ])
})

test('the same store twice in the list is one change', () => {
  const source = atom(1)
  const seen = []
  const store = computed([source, source], (a, b) => {
    seen.push([a, b])
    return a + b
  })
  const unbind = store.listen(() => {})
  source.set(2)
  assert.deepEqual(seen, [
    [1, 1],
    [2, 2]
  ])
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(source.lc, 0)
})

test('a computed can be read inside of a listener, and is current', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const four = computed(double, value => value * 2)
  const seen = []
  count.listen(() => seen.push(four.get(), double.get()))
  four.listen(() => {})
  count.set(2)
  assert.deepEqual(seen, [8, 4])
})

test('a computed that was read early still calls its listeners, once', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const listener = recorder()
  count.listen(() => double.get())
  double.listen(listener)
  count.set(2)
  assert.deepEqual(listener.calls, [[4, 2, undefined]])
})

test('listeners of the source that came first are called first', () => {
  const count = atom(1)
  const order = []
  count.listen(() => order.push('before'))
  computed(count, value => value).listen(() => order.push('computed'))
  count.listen(() => order.push('after'))
  count.set(2)
  assert.deepEqual(order, ['before', 'after', 'computed'])
})

test('a computed may read another store, which is no source', () => {
  const count = atom(1)
  const other = atom(10)
  const store = computed(count, value => value + other.get())
  const listener = recorder()
  store.subscribe(listener)
  other.set(20)
  assert.equal(store.get(), 11)
  count.set(2)
  assert.deepEqual(listener.calls, [[11], [22, 11, undefined]])
})

test('a computed may read another computed, which is no source', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const store = computed(count, value => value + double.get())
  store.listen(() => {})
  count.set(5)
  assert.equal(store.get(), 15)
})

test('a computed may make and return a computed', () => {
  const id = atom('a')
  const names = { a: atom('Ada'), b: atom('Bob') }
  const store = computed(id, value => computed(names[value], name => `${value}: ${name}`))
  const seen = []
  let unbindInner
  store.subscribe(inner => {
    unbindInner?.()
    unbindInner = inner.subscribe(text => seen.push(text))
  })
  names.a.set('Alan')
  id.set('b')
  names.b.set('Bill')
  names.a.set('Abe')
  assert.deepEqual(seen, ['a: Ada', 'a: Alan', 'b: Bob', 'b: Bill'])
})

test('a listener can change which computeds are mounted', () => {
  const isOpen = atom(false)
  const count = atom(1)
  let runs = 0
  const details = computed(count, value => {
    runs++
    return value
  })
  let unbind
  isOpen.listen(value => {
    if (value) unbind = details.listen(() => {})
    else unbind()
  })
  count.set(2)
  assert.equal(runs, 0)
  isOpen.set(true)
  count.set(3)
  assert.equal(runs, 2)
  isOpen.set(false)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  count.set(4)
  assert.equal(runs, 2)
})

test('listeners that write to the source of a computed settle', () => {
  const count = atom(0)
  const double = computed(count, value => value * 2)
  const last = recorder()
  double.listen(value => {
    if (value < 6) count.set(count.get() + 1)
  })
  double.listen(last)
  count.set(1)
  assert.equal(double.get(), 6)
  assert.deepEqual(last.calls.at(-1), [6, 4, undefined])
})

test('a computed below a batch runs once', () => {
  const a = atom(1)
  const b = atom(1)
  const seen = []
  const sum = computed([a, b], (x, y) => {
    seen.push(x + y)
    return x + y
  })
  const listener = recorder()
  sum.listen(listener)
  batch(() => {
    a.set(2)
    b.set(2)
    a.set(3)
  })
  assert.deepEqual(seen, [2, 5])
  assert.deepEqual(listener.calls, [[5, 2, undefined]])
})

test('a computed read inside of a batch is current', () => {
  const a = atom(1)
  const double = computed(a, value => value * 2)
  const listener = recorder()
  double.listen(listener)
  batch(() => {
    a.set(2)
    assert.equal(double.get(), 4)
    a.set(3)
    assert.equal(double.get(), 6)
  })
  assert.deepEqual(listener.calls, [[6, 2, undefined]])
})

test('what a computed throws is thrown by the read, and its stores have to change again', () => {
  const count = atom(1)
  let runs = 0
  const store = computed(count, value => {
    runs++
    if (value < 2) throw new Error('too small')
    return value
  })
  assert.throws(() => store.get(), { message: 'too small' })
  assert.equal(store.get(), undefined)
  atom(0).set(1)
  assert.equal(store.get(), undefined)
  assert.equal(runs, 1)
  count.set(2)
  assert.equal(store.get(), 2)
})

test('what a computed wrote before it threw is delivered', () => {
  const count = atom(1)
  const log = atom('')
  const listener = recorder()
  log.listen(listener)
  const store = computed(count, value => {
    log.set(`${value}`)
    throw new Error('after the write')
  })
  assert.throws(() => store.get(), { message: 'after the write' })
  assert.deepEqual(listener.calls, [['1', '', undefined]])
})

test('what a computed wrote before it threw is delivered, also when it is mounted', () => {
  for (const make of [computed, batched]) {
    const count = atom(1)
    const log = atom('')
    const listener = recorder()
    log.listen(listener)
    const store = make(count, value => {
      log.set(`${value}`)
      throw new Error('after the write')
    })
    assert.throws(() => store.listen(() => {}), { message: 'after the write' })
    assert.deepEqual(listener.calls, [['1', '', undefined]])
  }
})

test('what a batched store wrote before it threw in a read is delivered', () => {
  const count = atom(1)
  const log = atom('')
  const listener = recorder()
  log.listen(listener)
  const store = batched(count, value => {
    log.set(`${value}`)
    if (value > 1) throw new Error('after the write')
  })
  store.listen(() => {})
  count.set(2)
  assert.throws(() => store.get(), { message: 'after the write' })
  assert.deepEqual(listener.calls, [
    ['1', '', undefined],
    ['2', '1', undefined]
  ])
})

test('a computed that throws when it is mounted can be listened to again', () => {
  const count = atom(1)
  const store = computed(count, value => {
    if (value < 2) throw new Error('too small')
    return value
  })
  assert.throws(() => store.listen(() => {}), { message: 'too small' })
  assert.equal(store.lc, 0)
  const listener = recorder()
  store.subscribe(listener)
  count.set(2)
  assert.deepEqual(listener.calls, [[undefined], [2, undefined, undefined]])
})

test('a source without an identity of its own still wakes a computed', () => {
  const count = atom(1)
  for (const source of [{ ...count }, new Proxy(count, {})]) {
    const both = computed([source, count], (a, b) => [a, b])
    const seen = []
    both.subscribe(values => seen.push(values))
    count.set(count.get() + 1)
    assert.deepEqual(seen.at(-1), [count.get(), count.get()])
  }
})

test('a computed may be cleaned by its own listener, and by its own function', () => {
  const count = atom(1)
  const store = computed(count, value => {
    if (value === 3) cleanStores(store)
    return value
  })
  const unbind = store.listen(() => {
    unbind()
    cleanStores(store)
  })
  count.set(2)
  assert.equal(count.lc, 0)
  store.listen(() => {})
  count.set(3)
  assert.equal(count.lc, 0)
  assert.equal(store.get(), 3)
})

test('a computed may write to other stores', () => {
  const count = atom(1)
  const log = atom('')
  const listener = recorder()
  log.listen(listener)
  const store = computed(count, value => {
    log.set(`${value}`)
    return value
  })
  store.get()
  store.listen(() => {})
  count.set(2)
  assert.deepEqual(listener.calls, [
    ['1', '', undefined],
    ['2', '1', undefined]
  ])
})

test('what a mounted computed throws is thrown by the write, and the store recovers', () => {
  const count = atom(2)
  const store = computed(count, value => {
    if (value < 2) throw new Error('too small')
    return value
  })
  const listener = recorder()
  const other = recorder()
  store.listen(listener)
  count.listen(other)
  assert.throws(() => count.set(1), { message: 'too small' })
  assert.equal(count.get(), 1)
  assert.equal(store.value, 2)
  assert.deepEqual(other.calls, [[1, 2, undefined]])
  count.set(3)
  assert.equal(store.get(), 3)
  assert.deepEqual(listener.calls, [[3, 2, undefined]])
})

test('a computed that throws does not stop its siblings', () => {
  const count = atom(1)
  const listener = recorder()
  const bad = computed(count, value => {
    if (value > 1) throw new Error('bad')
  })
  const good = computed(count, value => value)
  bad.listen(() => {})
  good.listen(listener)
  assert.throws(() => count.set(2), { message: 'bad' })
  assert.deepEqual(listener.calls, [[2, 1, undefined]])
})

test('a computed keeps no value from before, when it is asked to compare', () => {
  const asked = []
  const store = computed(atom(1), value => value)
  store.eq = (...args) => {
    asked.push(args)
    return false
  }
  store.get()
  assert.deepEqual(asked, [[undefined, 1]])
})

// Until all promises that can settle have done so.
const promisesSettled = () => new Promise(setImmediate)

test('a task gives a computed its value when it ends', async () => {
  const count = atom(1)
  const store = computed(count, value => task(async () => value * 2))
  const listener = recorder()
  store.subscribe(listener)
  assert.equal(store.get(), undefined)
  await promisesSettled()
  assert.equal(store.get(), 2)
  count.set(2)
  assert.equal(store.get(), 2)
  await promisesSettled()
  assert.deepEqual(listener.calls, [[undefined], [2, undefined, undefined], [4, 2, undefined]])
})

test('the value of a task is dropped if another task began since', async () => {
  const count = atom(1)
  const resolves = []
  const store = computed(count, value =>
    task(() => new Promise(resolve => resolves.push(() => resolve(value))))
  )
  const listener = recorder()
  store.listen(listener)
  count.set(2)
  resolves[1]()
  await promisesSettled()
  resolves[0]()
  await promisesSettled()
  assert.deepEqual(listener.calls, [[2, undefined, undefined]])
})

test('a promise that no task made is a value', () => {
  const promise = Promise.resolve(1)
  const store = computed(atom(1), () => promise)
  assert.equal(store.get(), promise)
})

test('batched runs once for many changes, when the timers run', () => {
  const a = atom(1)
  const b = atom(1)
  let runs = 0
  const sum = batched([a, b], (x, y) => {
    runs++
    return x + y
  })
  const listener = recorder()
  sum.subscribe(listener)
  a.set(2)
  b.set(2)
  a.set(3)
  assert.equal(runs, 1)
  assert.equal(sum.value, 2)
  assert.deepEqual(listener.calls, [[2]])
  mock.timers.tick(0)
  assert.equal(runs, 2)
  assert.deepEqual(listener.calls, [[2], [5, 2, undefined]])
})

test('batched of one store', () => {
  const count = atom(1)
  const double = batched(count, value => value * 2)
  double.listen(() => {})
  count.set(2)
  mock.timers.tick(0)
  assert.equal(double.value, 4)
})

test('reading a batched store does not wait', () => {
  const count = atom(1)
  let runs = 0
  const double = batched(count, value => {
    runs++
    return value * 2
  })
  const listener = recorder()
  double.listen(listener)
  count.set(2)
  assert.equal(double.get(), 4)
  assert.deepEqual(listener.calls, [[4, 2, undefined]])
  mock.timers.tick(0)
  assert.equal(runs, 2)
  assert.deepEqual(listener.calls, [[4, 2, undefined]])
})

test('a batched store whose source changed back does not run', () => {
  const count = atom(1)
  let runs = 0
  const store = batched(count, () => ++runs)
  store.listen(() => {})
  count.set(2)
  count.set(1)
  mock.timers.tick(0)
  assert.equal(runs, 1)
})

test('a computed below a batched store waits with it', () => {
  const count = atom(1)
  const double = batched(count, value => value * 2)
  const text = computed(double, value => `${value}`)
  const listener = recorder()
  text.subscribe(listener)
  count.set(2)
  count.set(3)
  assert.deepEqual(listener.calls, [['2']])
  mock.timers.tick(0)
  assert.deepEqual(listener.calls, [['2'], ['6', '2', undefined]])
})

test('a batched store below a computed runs once for many changes', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const seen = []
  batched(double, value => {
    seen.push(value)
  }).listen(() => {})
  count.set(2)
  count.set(3)
  mock.timers.tick(0)
  assert.deepEqual(seen, [2, 6])
})

test('batched stores that depend on one another follow in turn', () => {
  const count = atom(1)
  const first = batched(count, value => value + 1)
  const second = batched(first, value => value + 1)
  second.listen(() => {})
  count.set(2)
  mock.timers.tick(0)
  assert.equal(first.value, 3)
  mock.timers.tick(0)
  assert.equal(second.value, 4)
})

test('an unmounted batched store is current when it is read', () => {
  const count = atom(1)
  const double = batched(count, value => value * 2)
  assert.equal(double.get(), 2)
  count.set(2)
  assert.equal(double.get(), 4)
})

test('a batched store that waits can be unmounted', () => {
  const count = atom(1)
  let runs = 0
  const store = batched(count, () => ++runs)
  const unbind = store.listen(() => {})
  count.set(2)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(count.lc, 0)
  count.set(3)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  const before = runs
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(runs, before)
})

test('a store of another kind can be a source, if it has get, listen and eq', () => {
  let value = 1
  const listeners = new Set()
  const foreign = {
    eq: Object.is,
    get: () => value,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
  const store = computed([foreign, atom(10)], (a, b) => a + b)
  const listener = recorder()
  store.subscribe(listener)
  value = 2
  globalThis.nanostoresGlobal.epoch++
  for (const call of listeners) call(value, 1)
  assert.equal(store.get(), 12)
  assert.deepEqual(listener.calls, [[11], [12, 11, undefined]])
})

difference('no listener is called while a computed is half way', () => {
  const count = atom(1)
  const other = atom(1)
  const late = batched(count, value => value)
  const order = []
  late.listen(() => order.push('listener'))
  const store = computed(other, value => {
    order.push('begins')
    late.get()
    order.push('ends')
    return value
  })
  store.listen(() => {})
  order.length = 0
  count.set(2)
  other.set(2)
  assert.deepEqual(order, ['begins', 'ends', 'listener'])
})

difference('a computed that writes to its own source ends up current', () => {
  const count = atom(1)
  const store = computed(count, value => {
    if (value < 5) count.set(value + 1)
    return value
  })
  const listener = recorder()
  store.listen(listener)
  assert.equal(store.get(), 5)
  count.set(2)
  assert.equal(count.get(), 5)
  assert.equal(store.get(), 5)
  assert.equal(listener.calls.at(-1)[0], 5)
})

difference('a computed is current at the next read after onNotify forbade a call', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  double.listen(() => {})
  onNotify(count, ({ abort }) => abort())
  count.set(2)
  atom(0).set(1)
  assert.equal(double.get(), 4)
})

test('a computed follows a source that was cleaned while it was mounted', () => {
  const source = atom(1)
  const double = computed(source, value => value * 2)
  double.listen(() => {})
  cleanStores(source)
  source.set(5)
  assert.equal(double.get(), 10)
})

test('a computed follows a source whose listen() was replaced', () => {
  const source = atom(1)
  const { listen } = source
  source.listen = listener => listen((...args) => listener(...args))
  const double = computed(source, value => value * 2)
  double.listen(() => {})
  let inside
  batch(() => {
    source.set(2)
    inside = double.get()
  })
  assert.equal(inside, 4)
  assert.equal(double.get(), 4)
})

difference('a computed is current at the read after it wrote to its own source', () => {
  const source = atom(1)
  const settled = computed(source, value => {
    if (value < 5) source.set(value + 1)
    return value
  })
  settled.listen(() => {})
  assert.equal(settled.get(), 5)
  assert.equal(source.get(), 5)
})

test('a circle that is there from the beginning is an error', () => {
  const make = () => {
    const $count = atom(2)
    const $first = computed($count, count => (count > 1 ? $second.get() : count))
    const $second = computed($first, value => value)
    $first.name = 'first'
    $second.name = 'second'
    return { $count, $first, $second }
  }
  for (const use of [
    ({ $first }) => $first.get(),
    ({ $second }) => $second.get(),
    ({ $first }) => $first.listen(() => {}),
    ({ $second }) => $second.subscribe(() => {})
  ]) {
    const stores = make()
    assert.throws(() => use(stores), /Lagoon: (first|second) depends on itself/)
    stores.$count.set(1)
    assert.equal(stores.$second.get(), 1)
    assert.equal(stores.$first.get(), 1)
  }
})

test('a listener that is called for a read may read the same computed', () => {
  const source = atom(1)
  const late = batched(source, value => value)
  const sum = computed([source, late], (a, b) => a + b)
  const read = []
  late.listen(() => read.push(sum.get()))
  source.set(3)
  assert.equal(sum.get(), 6)
  assert.deepEqual(read, [6])
})

test('a mounted computed leaves what it listens to, whatever stands for that', () => {
  const readonly = {
    set() {
      throw new Error('it is only for reading')
    }
  }
  const stand = {
    'a store that inherits': Object.create,
    'a proxy that can not be written': $store => new Proxy($store, readonly)
  }
  for (const [name, make] of Object.entries(stand)) {
    const source = atom(1)
    const double = computed(make(source), value => value * 2)
    double.listen(() => {})()
    assert.equal(source.lc, 1, name)
    mock.timers.tick(STORE_UNMOUNT_DELAY)
    assert.equal(source.lc, 0, name)
  }
})

test('a mounted computed leaves what it listens to, also if its list of stores was written since', () => {
  const a = atom(1)
  const b = atom(2)
  const list = [a, b]
  computed(list, (...values) => values.length).listen(() => {})()
  list.length = 1
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual([a.lc, b.lc], [0, 0])
})

test('a computed that is read by what ends with it can be ended', () => {
  const source = atom(1)
  const double = computed(source, value => value * 2)
  const read = []
  onMount(double, () => () => read.push(double.get()))
  double.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(read[0], 2)
  assert.equal(source.lc, 0)
})
