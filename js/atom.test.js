import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atom, computed, difference, onStart, readonlyType, recorder } from '../tests/library.js'

test('an atom has the value that it was made with, and no listener', () => {
  const value = { name: 'Ada' }
  const store = atom(value)
  assert.equal(store.get(), value)
  assert.equal(store.value, value)
  assert.equal(store.init, value)
  assert.equal(store.lc, 0)
  assert.equal(store.eq, Object.is)
})

test('an atom made with nothing has the value undefined', () => {
  const store = atom()
  assert.equal(store.get(), undefined)
  assert.ok('init' in store)
  store.set(1)
  assert.equal(store.get(), 1)
  store.set(undefined)
  assert.equal(store.get(), undefined)
})

test('init keeps the first value', () => {
  const store = atom(1)
  store.set(2)
  assert.equal(store.init, 1)
})

test('listen calls after each change, with the value and the one before', () => {
  const store = atom(1)
  const listener = recorder()
  store.listen(listener)
  assert.deepEqual(listener.calls, [])
  store.set(2)
  store.set(3)
  assert.deepEqual(listener.calls, [
    [2, 1, undefined],
    [3, 2, undefined]
  ])
})

test('subscribe also calls at once, with the value alone', () => {
  const store = atom(1)
  const listener = recorder()
  store.subscribe(listener)
  assert.deepEqual(listener.calls, [[1]])
  store.set(2)
  assert.deepEqual(listener.calls, [[1], [2, 1, undefined]])
})

test('the value is written before the first listener is called', () => {
  const store = atom(1)
  const seen = []
  store.listen(() => seen.push(store.get(), store.value))
  store.set(2)
  assert.deepEqual(seen, [2, 2])
})

test('listeners are called in the order in which they came', () => {
  const store = atom(0)
  const order = []
  store.listen(() => order.push('first'))
  const unbind = store.listen(() => order.push('second'))
  store.listen(() => order.push('third'))
  unbind()
  store.listen(() => order.push('fourth'))
  store.set(1)
  assert.deepEqual(order, ['first', 'third', 'fourth'])
})

test('an equal value is no change', () => {
  const object = {}
  for (const value of [0, NaN, undefined, null, '', object]) {
    const store = atom(value)
    const listener = recorder()
    store.listen(listener)
    store.set(value)
    assert.deepEqual(listener.calls, [])
  }
})

test('0 and -0 differ, and so do two objects with the same keys', () => {
  for (const [one, other] of [
    [0, -0],
    [{ a: 1 }, { a: 1 }],
    [null, undefined]
  ]) {
    const store = atom(one)
    const listener = recorder()
    store.listen(listener)
    store.set(other)
    assert.deepEqual(listener.calls, [[other, one, undefined]])
    assert.ok(Object.is(store.get(), other))
  }
})

test('eq can be replaced, and decides about each write', () => {
  const store = atom(1)
  const listener = recorder()
  const asked = []
  store.eq = (...args) => {
    asked.push(args)
    return args[0] % 2 === args[1] % 2
  }
  store.listen(listener)
  store.set(3)
  assert.equal(store.get(), 1)
  store.set(4)
  assert.equal(store.get(), 4)
  assert.deepEqual(asked, [
    [1, 3],
    [1, 4]
  ])
  assert.deepEqual(listener.calls, [[4, 1, undefined]])
})

test('a throwing eq leaves the store as it was', () => {
  const store = atom(1)
  const listener = recorder()
  store.listen(listener)
  store.eq = () => {
    throw new Error('eq')
  }
  assert.throws(() => store.set(2), { message: 'eq' })
  assert.equal(store.get(), 1)
  assert.deepEqual(listener.calls, [])
})

test('lc counts the listeners', () => {
  const store = atom(1)
  const unbinds = [store.listen(() => {}), store.subscribe(() => {})]
  assert.equal(store.lc, 2)
  unbinds[0]()
  assert.equal(store.lc, 1)
  unbinds[1]()
  assert.equal(store.lc, 0)
  store.get()
  assert.equal(store.lc, 0)
})

test('an unbound listener is not called any more', () => {
  const store = atom(1)
  const listener = recorder()
  const unbind = store.listen(listener)
  store.set(2)
  unbind()
  store.set(3)
  assert.deepEqual(listener.calls, [[2, 1, undefined]])
})

test('unbinding twice does nothing', () => {
  const store = atom(1)
  const other = recorder()
  store.listen(other)
  const unbind = store.listen(() => {})
  unbind()
  unbind()
  assert.equal(store.lc, 1)
  store.set(2)
  assert.equal(other.calls.length, 1)
})

test('a function that listens twice is called twice', () => {
  const store = atom(1)
  const listener = recorder()
  const unbind = store.listen(listener)
  store.listen(listener)
  assert.equal(store.lc, 2)
  store.set(2)
  assert.equal(listener.calls.length, 2)
  unbind()
  assert.equal(store.lc, 1)
  store.set(3)
  assert.equal(listener.calls.length, 3)
})

test('one function can listen to several stores', () => {
  const a = atom('a0')
  const b = atom('b0')
  const listener = recorder()
  const unbind = a.listen(listener)
  b.listen(listener)
  a.set('a1')
  b.set('b1')
  unbind()
  a.set('a2')
  b.set('b2')
  assert.deepEqual(listener.calls, [
    ['a1', 'a0', undefined],
    ['b1', 'b0', undefined],
    ['b2', 'b1', undefined]
  ])
})

test('a listener that is unbound while it waits is not called', () => {
  const store = atom(1)
  const late = recorder()
  store.listen(() => unbind())
  const unbind = store.listen(late)
  store.set(2)
  assert.deepEqual(late.calls, [])
  assert.equal(store.lc, 1)
})

test('a listener that was called already can be unbound by a later one', () => {
  const store = atom(1)
  const early = recorder()
  const last = recorder()
  const unbind = store.listen(early)
  store.listen(() => unbind())
  store.listen(last)
  store.set(2)
  store.set(3)
  assert.equal(early.calls.length, 1)
  assert.equal(last.calls.length, 2)
})

test('a listener can unbind itself, and the others are still called', () => {
  const store = atom(1)
  const order = []
  store.listen(() => order.push('before'))
  const unbind = store.listen(() => {
    order.push('once')
    unbind()
  })
  store.listen(() => order.push('after'))
  store.set(2)
  store.set(3)
  assert.deepEqual(order, ['before', 'once', 'after', 'before', 'after'])
})

test('all listeners can leave in the middle of an update', () => {
  const store = atom(1)
  const late = recorder()
  const unbinds = [store.listen(() => unbinds.forEach(unbind => unbind())), store.listen(late)]
  store.set(2)
  assert.equal(store.lc, 0)
  assert.deepEqual(late.calls, [])
  store.set(3)
  assert.equal(store.get(), 3)
})

test('unbinding from one store leaves the waiting call for another', () => {
  const a = atom(0)
  const b = atom(0)
  const late = recorder()
  a.listen(() => {
    b.set(1)
    unbind()
  })
  const unbind = a.listen(late)
  b.listen(late)
  a.set(1)
  assert.deepEqual(late.calls, [[1, 0, undefined]])
})

test('a listener that comes during an update is not called for it', () => {
  const store = atom(1)
  const late = recorder()
  const unbind = store.listen(() => {
    unbind()
    store.listen(late)
  })
  store.set(2)
  assert.deepEqual(late.calls, [])
  store.set(3)
  assert.deepEqual(late.calls, [[3, 2, undefined]])
})

test('a subscriber that comes during an update is called at once', () => {
  const store = atom(1)
  const late = recorder()
  const unbind = store.listen(() => {
    unbind()
    store.subscribe(late)
  })
  store.set(2)
  assert.deepEqual(late.calls, [[2]])
})

test('what a listener writes waits until the listeners before it were called', () => {
  const a = atom(0)
  const b = atom(0)
  const order = []
  a.listen(value => {
    order.push(`a1 ${value}`)
    b.set(value * 10)
    order.push('a1 wrote')
  })
  b.listen((value, oldValue) => order.push(`b ${value} ${oldValue}`))
  a.listen(value => order.push(`a2 ${value}`))
  a.set(1)
  assert.deepEqual(order, ['a1 1', 'a1 wrote', 'a2 1', 'b 10 0'])
})

test('a listener that writes to its own store makes everybody be called again', () => {
  const store = atom(0)
  const first = recorder()
  const last = recorder()
  store.listen((value, oldValue) => {
    first(value, oldValue)
    if (value < 3) store.set(value + 1)
  })
  store.listen((value, oldValue) => last(value, oldValue))
  store.set(1)
  assert.deepEqual(first.calls, [
    [1, 0],
    [2, 1],
    [3, 2]
  ])
  // Each with the value of the moment, and the value before the change that it is called for.
  assert.deepEqual(last.calls, [
    [2, 0],
    [3, 1],
    [3, 2]
  ])
})

test('a value that is written back in the middle of an update is delivered both times', () => {
  const store = atom(0)
  const last = recorder()
  store.listen(value => {
    if (value) store.set(0)
  })
  store.listen(last)
  store.set(1)
  assert.deepEqual(last.calls, [
    [0, 0, undefined],
    [0, 1, undefined]
  ])
})

test('a throwing listener does not stop the others, and the write throws', () => {
  const store = atom(0)
  const last = recorder()
  const error = new Error('first')
  store.listen(() => {
    throw error
  })
  store.listen(last)
  assert.throws(
    () => store.set(1),
    thrown => thrown === error
  )
  assert.deepEqual(last.calls, [[1, 0, undefined]])
  assert.equal(store.get(), 1)
})

test('of several errors the last one is thrown', () => {
  const store = atom(0)
  for (const name of ['one', 'two', 'three']) {
    store.listen(() => {
      throw new Error(name)
    })
  }
  assert.throws(() => store.set(1), { message: 'three' })
})

test('after an error the store works as before', () => {
  const store = atom(0)
  const listener = recorder()
  const unbind = store.listen(() => {
    throw new Error('once')
  })
  store.listen(listener)
  assert.throws(() => store.set(1), { message: 'once' })
  unbind()
  store.set(2)
  assert.deepEqual(listener.calls, [
    [1, 0, undefined],
    [2, 1, undefined]
  ])
})

test('the error of a listener that a listener caused comes out of the outer write', () => {
  const a = atom(0)
  const b = atom(0)
  const order = []
  a.listen(() => {
    b.set(1)
    order.push('inner write returned')
  })
  b.listen(() => {
    throw new Error('deep')
  })
  assert.throws(() => a.set(1), { message: 'deep' })
  assert.deepEqual(order, ['inner write returned'])
})

difference('what a listener throws is thrown, also if it is nothing', () => {
  const store = atom(0)
  store.listen(() => {
    throw undefined
  })
  assert.throws(
    () => store.set(1),
    thrown => thrown === undefined
  )
})

test('a subscriber that throws at once stays', () => {
  const store = atom(0)
  const calls = []
  assert.throws(
    () =>
      store.subscribe(value => {
        calls.push(value)
        if (!value) throw new Error('at once')
      }),
    { message: 'at once' }
  )
  assert.equal(store.lc, 1)
  store.set(1)
  assert.deepEqual(calls, [0, 1])
})

test('notify calls the listeners without a write', () => {
  const store = atom([1])
  const listener = recorder()
  store.listen(listener)
  store.value.push(2)
  store.notify([1])
  store.notify()
  assert.deepEqual(listener.calls, [
    [[1, 2], [1], undefined],
    [[1, 2], undefined, undefined]
  ])
})

test('off is called when the last listener left', () => {
  const store = atom(0)
  let calls = 0
  store.off = () => calls++
  const unbinds = [store.listen(() => {}), store.listen(() => {})]
  unbinds[0]()
  assert.equal(calls, 0)
  unbinds[1]()
  unbinds[1]()
  assert.equal(calls, 1)
})

test('off itself takes no listener off', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  store.off()
  store.set(1)
  assert.equal(listener.calls.length, 1)
})

test('methods work when they are taken off the store', () => {
  const { get, listen, notify, set, subscribe } = atom(0)
  const listener = recorder()
  listen(listener)
  subscribe(listener)
  set(1)
  notify(5)
  assert.equal(get(), 1)
  assert.deepEqual(listener.calls, [
    [0],
    [1, 0, undefined],
    [1, 0, undefined],
    [1, 5, undefined],
    [1, 5, undefined]
  ])
})

test('methods and fields are own properties, and what replaces them is used', () => {
  const store = atom(0)
  for (const name of [
    'eq',
    'get',
    'init',
    'lc',
    'listen',
    'notify',
    'off',
    'set',
    'subscribe',
    'value'
  ]) {
    assert.ok(Object.hasOwn(store, name), name)
  }

  const order = []
  const { listen, notify } = store
  store.notify = (...args) => {
    order.push('notify')
    notify(...args)
  }
  store.listen = listener => {
    order.push('listen')
    return listen(listener)
  }
  store.subscribe(() => order.push('call'))
  store.set(1)
  assert.deepEqual(order, ['listen', 'call', 'notify', 'call'])
})

test('get mounts an unmounted store for a moment, and a mounted one not again', () => {
  const store = atom(0)
  let starts = 0
  onStart(store, () => {
    starts++
    store.set(5)
  })
  assert.equal(store.value, 0)
  assert.equal(store.get(), 5)
  assert.equal(starts, 1)
  store.listen(() => {})
  assert.equal(starts, 2)
  store.get()
  assert.equal(starts, 2)
})

test('every change counts up an epoch that all copies of the library share', () => {
  const store = atom(0)
  const { epoch } = globalThis.nanostoresGlobal
  store.set(1)
  store.set(1)
  assert.equal(globalThis.nanostoresGlobal.epoch, epoch + 1)
})

test('a promise and a function are values like others', () => {
  const promise = Promise.resolve(1)
  const run = () => 1
  const store = atom(promise)
  store.set(run)
  assert.equal(store.get(), run)
  store.set(promise)
  assert.equal(store.get(), promise)
})

test('readonlyType returns the same store', () => {
  const store = atom(0)
  assert.equal(readonlyType(store), store)
})

difference('unbinding one of two registrations in an update leaves the other in it', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(() => unbind())
  const unbind = store.listen(listener)
  store.listen(listener)
  store.set(1)
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
})

test('stores can have properties of any name', () => {
  const own = []
  for (const store of [atom(1), computed(atom(1), n => n), computed(() => 1)]) {
    let { constructor } = store
    for (; constructor.prototype; constructor = Object.getPrototypeOf(constructor)) {
      own.push(...Object.getOwnPropertyNames(constructor.prototype))
    }
  }
  assert.ok(own.length > 20)
  assert.deepEqual(
    own.filter(name => !name.startsWith('_') && name !== 'constructor'),
    []
  )

  const store = Object.assign(atom(1), { read: 'r', write: 'w', end: 'e', result: 5, current: 2 })
  const double = Object.assign(
    computed(() => store.get() * 2),
    { read: 'r', current: 'c', stage: 'stage', tracker: 't' }
  )
  const seen = []
  double.subscribe(value => seen.push(value))
  store.set(2)
  assert.deepEqual(seen, [2, 4])
  assert.equal(store.get(), 2)
  assert.equal(double.current, 'c')
  assert.equal(JSON.parse(JSON.stringify(double)).value, 4)
})
