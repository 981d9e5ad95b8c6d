import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import {
  atom,
  batch,
  computed,
  deepMap,
  map,
  onMount,
  onNotify,
  onSet,
  onStart,
  onStop,
  recorder,
  silenceConsole,
  STORE_UNMOUNT_DELAY
} from '../tests/library.js'

silenceConsole()
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

const EVENTS = { onMount, onNotify, onSet, onStart, onStop }

// Makes each event of a store happen once.
const useStore = store => {
  const unbind = store.listen(() => {})
  store.set(store.get() + 1)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
}

test('stores are unmounted after a second', () => {
  assert.equal(STORE_UNMOUNT_DELAY, 1000)
})

for (const [name, on] of Object.entries(EVENTS)) {
  test(`${name}: the newest listener is called first, and all share one object`, () => {
    const store = atom(0)
    const order = []
    const shared = new Set()
    for (const label of ['a', 'b', 'c']) {
      on(store, payload => {
        order.push(label)
        shared.add(payload.shared)
      })
    }
    useStore(store)
    assert.deepEqual(order, ['c', 'b', 'a'])
    assert.equal(shared.size, 1)
    useStore(store)
    assert.equal(order.length, 6)
    assert.equal(shared.size, 2)
  })

  test(`${name}: an unbound listener is not called, and unbinding twice does nothing`, () => {
    const store = atom(0)
    const first = recorder()
    const second = recorder()
    const unbind = on(store, first)
    on(store, second)
    unbind()
    unbind()
    useStore(store)
    assert.equal(first.calls.length, 0)
    assert.equal(second.calls.length, 1)
  })

  test(`${name}: a store without listeners of the event is as it was`, () => {
    const store = atom(0)
    const { listen, notify, off, set } = store
    const unbind = on(store, () => {})
    unbind()
    assert.deepEqual([store.listen, store.notify, store.off, store.set], [listen, notify, off, set])
    const listener = recorder()
    on(store, listener)
    useStore(store)
    assert.equal(listener.calls.length, 1)
  })

  test(`${name}: a listener may unbind itself`, () => {
    const store = atom(0)
    const other = recorder()
    let calls = 0
    on(store, other)
    const unbind = on(store, () => {
      calls++
      unbind()
    })
    useStore(store)
    useStore(store)
    assert.equal(calls, 1)
    assert.equal(other.calls.length, 2)
  })

  test(`${name}: what a listener throws comes out`, () => {
    const store = atom(0)
    on(store, () => {
      throw new Error(name)
    })
    assert.throws(() => useStore(store), { message: name })
  })
}

test('onStart is called before the first listener, and not for the second', () => {
  const store = atom(0)
  const order = []
  onStart(store, () => order.push(`start ${store.lc}`))
  const unbinds = [store.listen(() => {}), store.listen(() => {})]
  assert.deepEqual(order, ['start 0'])
  unbinds.forEach(unbind => unbind())
  store.listen(() => {})
  assert.deepEqual(order, ['start 0', 'start 0'])
})

test('onStart may read, write and listen to its store', () => {
  const store = atom(0)
  let starts = 0
  const inner = recorder()
  onStart(store, () => {
    starts++
    store.set(store.get() + 1)
    store.listen(inner)
  })
  const listener = recorder()
  store.subscribe(listener)
  assert.equal(starts, 1)
  assert.deepEqual(listener.calls, [[1]])
  store.set(2)
  assert.equal(inner.calls.length, 1)
})

test('onStop is called at once when the last listener left', () => {
  const store = atom(0)
  const order = []
  onStop(store, () => order.push(`stop ${store.lc}`))
  const unbinds = [store.listen(() => {}), store.listen(() => {})]
  unbinds[0]()
  assert.deepEqual(order, [])
  unbinds[1]()
  unbinds[1]()
  assert.deepEqual(order, ['stop 0'])
})

test('get starts and stops a store', () => {
  const store = atom(0)
  const order = []
  onStart(store, () => order.push('start'))
  onStop(store, () => order.push('stop'))
  store.get()
  assert.deepEqual(order, ['start', 'stop'])
})

test('onMount is called before the first listener, with its value there already', () => {
  const store = atom('initial')
  const listener = recorder()
  onMount(store, () => store.set('mounted'))
  store.subscribe(listener)
  assert.deepEqual(listener.calls, [['mounted']])
})

test('onMount: get mounts for the delay', () => {
  const store = atom('initial')
  const order = []
  onMount(store, () => {
    order.push('mount')
    store.set('mounted')
    return () => order.push('unmount')
  })
  assert.equal(store.get(), 'mounted')
  store.get()
  assert.deepEqual(order, ['mount'])
  mock.timers.tick(STORE_UNMOUNT_DELAY - 1)
  assert.deepEqual(order, ['mount'])
  mock.timers.tick(1)
  assert.deepEqual(order, ['mount', 'unmount'])
})

test('onMount: the store stays mounted if a listener comes within the delay', () => {
  const store = atom(0)
  const order = []
  onMount(store, () => {
    order.push('mount')
    return () => order.push('unmount')
  })
  store.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY - 1)
  const unbind = store.listen(() => {})
  mock.timers.tick(STORE_UNMOUNT_DELAY * 2)
  assert.deepEqual(order, ['mount'])
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(order, ['mount', 'unmount'])
  store.listen(() => {})
  assert.deepEqual(order, ['mount', 'unmount', 'mount'])
})

test('onMount: several ends are called in the order of their beginnings, once each', () => {
  const store = atom(0)
  const order = []
  for (const label of ['a', 'b']) {
    onMount(store, () => {
      order.push(`mount ${label}`)
      return () => order.push(`unmount ${label}`)
    })
  }
  onMount(store, () => {})
  for (let i = 0; i < 2; i++) {
    store.listen(() => {})()
    mock.timers.tick(STORE_UNMOUNT_DELAY)
  }
  assert.deepEqual(order.slice(0, 4), ['mount b', 'mount a', 'unmount b', 'unmount a'])
  assert.equal(order.length, 8)
})

test('onMount waits for the next time if the store is mounted already', () => {
  const store = atom(0)
  const mounted = recorder()
  const unbind = store.listen(() => {})
  onMount(store, mounted)
  store.listen(() => {})
  assert.equal(mounted.calls.length, 0)
  unbind()
})

test('onMount may read, write and listen to its store', () => {
  const store = atom(0)
  let mounts = 0
  const inner = recorder()
  onMount(store, () => {
    mounts++
    store.set(store.get() + 1)
    return store.listen(inner)
  })
  store.listen(() => {})
  store.set(5)
  assert.equal(mounts, 1)
  assert.equal(inner.calls.length, 1)
})

test('onMount hands all arguments to a listen() that a package put in place', () => {
  const store = atom(0)
  const { listen } = store
  const order = []
  store.listen = (listener, option) => {
    order.push(option)
    return listen(listener)
  }
  onMount(store, () => {
    order.push('mount')
  })
  store.listen(() => {}, 'soon')
  assert.deepEqual(order, ['mount', 'soon'])
})

test('onMount of a computed, below that of its source', () => {
  const source = atom(1)
  const store = computed(source, value => value)
  const order = []
  onMount(source, () => {
    order.push('source')
    return () => order.push('source ends')
  })
  onMount(store, () => {
    order.push('computed')
    return () => order.push('computed ends')
  })
  store.listen(() => {})()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(order, ['computed', 'source', 'computed ends', 'source ends'])
})

test('events of several kinds on one store', () => {
  const store = atom(0)
  const order = []
  onStart(store, () => order.push('start'))
  onMount(store, () => {
    order.push('mount')
    return () => order.push('unmount')
  })
  onStop(store, () => order.push('stop'))
  onSet(store, () => order.push('set'))
  onNotify(store, () => order.push('notify'))
  useStore(store)
  assert.deepEqual(order, ['mount', 'start', 'set', 'notify', 'stop', 'unmount'])
})

test('onSet is called before the write, with the new value', () => {
  const store = atom(1)
  const seen = []
  onSet(store, ({ newValue, changed }) => seen.push([newValue, changed, store.get()]))
  store.set(2)
  assert.deepEqual(seen, [[2, undefined, 1]])
})

test('onSet is called for equal values, too', () => {
  const store = atom(1)
  const listener = recorder()
  onSet(store, listener)
  store.set(1)
  assert.equal(listener.calls.length, 1)
})

test('onSet can forbid a write', () => {
  const store = atom(1)
  const listener = recorder()
  store.listen(listener)
  const unbind = onSet(store, ({ newValue, abort }) => {
    if (newValue < 0) abort()
  })
  store.set(-1)
  assert.equal(store.get(), 1)
  store.set(2)
  unbind()
  store.set(-1)
  assert.deepEqual(listener.calls, [
    [2, 1, undefined],
    [-1, 2, undefined]
  ])
})

test('onSet: one listener is enough to forbid, and the others are called all the same', () => {
  const store = atom(1)
  const oldest = recorder()
  onSet(store, oldest)
  onSet(store, ({ abort }) => abort())
  store.set(2)
  assert.equal(store.get(), 1)
  assert.equal(oldest.calls.length, 1)
})

test('onSet of a map gets the key, and the whole value', () => {
  const store = map({ a: 1, b: 1 })
  const seen = []
  onSet(store, ({ newValue, changed }) => seen.push([newValue, changed]))
  store.setKey('a', 2)
  store.set({ a: 3, b: 3 })
  assert.deepEqual(seen, [
    [{ a: 2, b: 1 }, 'a'],
    [{ a: 3, b: 3 }, undefined]
  ])
})

test('onSet can forbid the write of a key', () => {
  const store = map({ a: 1 })
  onSet(store, ({ changed, abort }) => {
    if (changed === 'a') abort()
  })
  store.setKey('a', 2)
  store.setKey('b', 2)
  assert.deepEqual(store.get(), { a: 1, b: 2 })
})

test('onSet of a deep map gets the path', () => {
  const store = deepMap({ user: { name: 'Ada' } })
  const seen = []
  onSet(store, ({ changed, abort }) => {
    seen.push(changed)
    abort()
  })
  store.setKey('user.name', 'Grace')
  assert.deepEqual(seen, ['user.name'])
  assert.equal(store.get().user.name, 'Ada')
})

test('onSet may write another value in its place', () => {
  const store = atom(0)
  onSet(store, ({ newValue, abort }) => {
    if (newValue > 10) {
      abort()
      store.set(10)
    }
  })
  store.set(99)
  assert.equal(store.get(), 10)
})

test('onSet of a computed is called for each result', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const seen = []
  onSet(double, ({ newValue, abort }) => {
    seen.push(newValue)
    if (newValue > 4) abort()
  })
  double.listen(() => {})
  count.set(2)
  count.set(3)
  assert.deepEqual(seen, [2, 4, 6])
  assert.equal(double.get(), 4)
})

test('onNotify is called after the write and before the listeners', () => {
  const store = atom(1)
  const order = []
  store.listen(() => order.push('listener'))
  onNotify(store, ({ oldValue, changed }) => order.push([oldValue, changed, store.get()]))
  store.set(2)
  store.set(2)
  assert.deepEqual(order, [[1, undefined, 2], 'listener'])
})

test('onNotify can leave the listeners out', () => {
  const store = atom(1)
  const listener = recorder()
  store.listen(listener)
  const unbind = onNotify(store, ({ abort }) => abort())
  store.set(2)
  assert.equal(store.get(), 2)
  assert.deepEqual(listener.calls, [])
  unbind()
  store.set(3)
  assert.deepEqual(listener.calls, [[3, 2, undefined]])
})

test('onNotify of a map gets the key', () => {
  const store = map({ a: 1 })
  const seen = []
  onNotify(store, ({ oldValue, changed }) => seen.push([oldValue, changed]))
  store.setKey('a', 2)
  store.set({ a: 3 })
  assert.deepEqual(seen, [
    [{ a: 1 }, 'a'],
    [{ a: 2 }, undefined]
  ])
})

test('onNotify is called without listeners, and at once in a batch', () => {
  const store = atom(1)
  const seen = []
  onNotify(store, ({ oldValue }) => seen.push(oldValue))
  batch(() => {
    store.set(2)
    store.set(3)
    assert.deepEqual(seen, [1, 2])
  })
  assert.deepEqual(seen, [1, 2])
})

test('onNotify is called by notify', () => {
  const store = atom(1)
  const listener = recorder()
  onNotify(store, listener)
  store.notify()
  assert.equal(listener.calls.length, 1)
})

test('onNotify of a computed can leave its listeners out', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const listener = recorder()
  double.listen(listener)
  onNotify(double, ({ abort }) => {
    if (double.value > 4) abort()
  })
  count.set(2)
  count.set(3)
  assert.equal(double.get(), 6)
  assert.deepEqual(listener.calls, [[4, 2, undefined]])
})

test('listeners of an event tell one another things in shared', () => {
  const store = atom(0)
  const seen = []
  onSet(store, ({ shared }) => seen.push(shared.by))
  onSet(store, ({ shared }) => {
    shared.by = 'the newer one'
  })
  store.set(1)
  assert.deepEqual(seen, ['the newer one'])
})
