import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  atom,
  batch,
  cleanStores,
  computed,
  difference,
  isLagoon,
  map,
  recorder,
  runInNode
} from '../tests/library.js'

test('a batch calls listeners at its end, once', () => {
  const a = atom('a0')
  const b = atom('b0')
  const listenerA = recorder()
  const listenerB = recorder()
  a.listen(listenerA)
  b.listen(listenerB)
  const returned = batch(() => {
    a.set('a1')
    b.set('b1')
    a.set('a2')
    assert.equal(a.get(), 'a2')
    assert.deepEqual(listenerA.calls, [])
  })
  assert.equal(returned, undefined)
  assert.deepEqual(listenerA.calls, [['a2', 'a0', undefined]])
  assert.deepEqual(listenerB.calls, [['b1', 'b0', undefined]])
})

test('a batch without writes calls nobody', () => {
  const listener = recorder()
  atom(0).listen(listener)
  batch(() => {})
  assert.deepEqual(listener.calls, [])
})

test('of nested batches the outermost one counts', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  batch(() => {
    batch(() => store.set(1))
    batch(() => batch(() => store.set(2)))
    assert.deepEqual(listener.calls, [])
  })
  assert.deepEqual(listener.calls, [[2, 0, undefined]])
})

test('a batch that throws delivers what it wrote, and throws', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  const run = () =>
    batch(() => {
      store.set(1)
      throw new Error('in the batch')
    })
  assert.throws(run, { message: 'in the batch' })
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
  store.set(2)
  store.set(3)
  assert.equal(listener.calls.length, 3)
})

test('a nested batch that throws does not end the outer one', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  batch(() => {
    assert.throws(
      () =>
        batch(() => {
          store.set(1)
          throw new Error('inner')
        }),
      { message: 'inner' }
    )
    assert.deepEqual(listener.calls, [])
    store.set(2)
  })
  assert.deepEqual(listener.calls, [[2, 0, undefined]])
})

test('a listener that throws at the end of a batch does not stop the others', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(() => {
    throw new Error('listener')
  })
  store.listen(listener)
  assert.throws(() => batch(() => store.set(1)), { message: 'listener' })
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
  assert.throws(
    () =>
      batch(() => {
        store.set(2)
        throw new Error('batch')
      }),
    { message: 'listener' }
  )
  assert.equal(listener.calls.length, 2)
})

test('after a batch a listener of a map is told no key', () => {
  const store = map({ a: 1, b: 1 })
  const listener = recorder()
  store.listen(listener)
  batch(() => store.setKey('a', 2))
  batch(() => {
    store.setKey('a', 3)
    store.setKey('b', undefined)
  })
  store.setKey('a', 4)
  assert.deepEqual(listener.calls, [
    [{ a: 2, b: 1 }, { a: 1, b: 1 }, undefined],
    [{ a: 3 }, { a: 2, b: 1 }, undefined],
    [{ a: 4 }, { a: 3 }, 'a']
  ])
})

test('in a batch a function that listens to two stores is called for the first change', () => {
  const a = atom('a0')
  const b = atom('b0')
  const listener = recorder()
  a.listen(listener)
  b.listen(listener)
  batch(() => {
    b.set('b1')
    a.set('a1')
    b.set('b2')
  })
  assert.deepEqual(listener.calls, [['b2', 'b0', undefined]])
})

test('in a batch a function that listens twice to one store is called once', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  store.listen(listener)
  batch(() => store.set(1))
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
})

// A function that takes no properties, or loses them, is known as well
const kinds = {
  'that is frozen': () => Object.freeze(recorder()),
  'that is a proxy which takes nothing': () => new Proxy(recorder(), { set: () => true }),
  'that is a proxy which has everything': () => {
    const listener = recorder()
    const get = (target, key) => (key === 'calls' ? listener.calls : new Proxy(listener, { get }))
    return new Proxy(listener, { get })
  },
  'that is a proxy which refuses': () => {
    const get = (target, key) => {
      if (key !== 'calls') throw new Error(`no ${String(key)}`)
      return target.calls
    }
    return new Proxy(recorder(), { get })
  },
  'that inherits from another one': other => Object.setPrototypeOf(recorder(), other)
}

for (const [kind, make] of Object.entries(kinds)) {
  test(`a function ${kind} is called once in a batch, and leaves`, () => {
    const a = atom('a0')
    const b = atom('b0')
    const other = recorder()
    a.listen(other)
    const listener = make(other)
    for (let i = 1; i <= 2; i++) {
      const unbinds = [a.listen(listener), b.listen(listener)]
      batch(() => {
        a.set(`a${i}`)
        b.set(`b${i}`)
      })
      assert.equal(listener.calls.length, i)
      for (const unbind of unbinds) unbind()
      a.set('a0')
      b.set('b0')
      assert.equal(listener.calls.length, i)
      assert.equal(a.lc + b.lc, 1)
    }
    assert.equal(other.calls.length, 4)
  })
}

test('a function that is frozen while it listens leaves, and comes again', () => {
  const store = atom(0)
  const listener = recorder()
  const unbind = store.listen(listener)
  Object.freeze(listener)
  unbind()
  store.set(1)
  assert.deepEqual(listener.calls, [])
  const stops = [store.listen(recorder()), store.listen(listener)]
  store.set(2)
  assert.equal(listener.calls.length, 1)
  for (const stop of stops) stop()
  store.set(3)
  assert.equal(listener.calls.length, 1)
})

test('a function that got the properties of another one leaves', () => {
  const a = atom(0)
  const b = atom(0)
  const first = recorder()
  const second = recorder()
  b.listen(first)
  const unbind = a.listen(second)
  Object.assign(second, first, { calls: [] })
  const unbindAgain = b.listen(second)
  unbind()
  a.set(1)
  assert.deepEqual(second.calls, [])
  unbindAgain()
  b.set(1)
  assert.deepEqual(second.calls, [])
  assert.equal(first.calls.length, 1)
  assert.deepEqual([a.lc, b.lc], [0, 1])
})

test('a value that is written back in a batch is delivered', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  batch(() => {
    store.set(1)
    store.set(0)
  })
  assert.deepEqual(listener.calls, [[0, 0, undefined]])
})

test('a listener that is unbound in a batch is not called', () => {
  const a = atom('a0')
  const b = atom('b0')
  const gone = recorder()
  const half = recorder()
  const unbinds = [a.listen(gone), a.listen(half)]
  b.listen(half)
  batch(() => {
    a.set('a1')
    b.set('b1')
    unbinds.forEach(unbind => unbind())
  })
  assert.deepEqual(gone.calls, [])
  assert.deepEqual(half.calls, [['b1', 'b0', undefined]])
})

test('a listener that comes in a batch is called for what is written after', () => {
  const store = atom(0)
  const early = recorder()
  const late = recorder()
  batch(() => {
    store.set(1)
    store.listen(early)
    store.set(2)
    store.subscribe(late)
  })
  assert.deepEqual(early.calls, [[2, 1, undefined]])
  assert.deepEqual(late.calls, [[2]])
})

test('what listeners write at the end of a batch is batched, too', () => {
  const a = atom(0)
  const b = atom(0)
  const listener = recorder()
  a.listen(value => {
    b.set(value)
    b.set(value * 10)
  })
  b.listen(listener)
  batch(() => a.set(1))
  assert.deepEqual(listener.calls, [[10, 0, undefined]])
})

test('a listener that was called at the end of a batch is called again for a later change', () => {
  const a = atom(0)
  const b = atom(0)
  const calls = []
  const listener = () => calls.push([a.get(), b.get()])
  a.listen(listener)
  b.listen(listener)
  a.listen(value => b.set(value))
  batch(() => a.set(1))
  assert.deepEqual(calls, [
    [1, 0],
    [1, 1]
  ])
})

test('a batch inside of a listener is through when it returns', () => {
  const a = atom(0)
  const b = atom(0)
  const order = []
  a.listen(() => {
    order.push('begins')
    batch(() => b.set(1))
    order.push('ends')
  })
  a.listen(() => order.push('a'))
  b.listen(() => order.push('b'))
  a.set(1)
  assert.deepEqual(order, ['begins', 'a', 'b', 'ends'])
})

test('a batch inside of a listener takes a waiting call and its own for the same function as one', () => {
  const a = atom(0)
  const b = atom(0)
  const listener = recorder()
  a.listen(() => batch(() => b.set('b')))
  a.listen(listener)
  b.listen(listener)
  a.set('a')
  assert.deepEqual(listener.calls, [['b', 0, undefined]])
})

test('a batch ends where its function waits', async () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  let promise
  batch(() => {
    promise = (async () => {
      store.set(1)
      await undefined
      store.set(2)
      store.set(3)
    })()
  })
  assert.deepEqual(listener.calls, [[1, 0, undefined]])
  await promise
  assert.equal(listener.calls.length, 3)
})

test('a batch may be long', () => {
  const store = atom(0)
  const listener = recorder()
  store.listen(listener)
  batch(() => {
    for (let i = 1; i <= 1_100_000; i++) store.set(i)
  })
  assert.deepEqual(listener.calls, [[1_100_000, 0, undefined]])
})

test('updates inside of updates come to an end, however deep', () => {
  const stores = Array.from({ length: 2000 }, () => atom(0))
  stores.forEach((store, i) => {
    store.listen(value => stores[i + 1]?.set(value))
  })
  stores[0].set(1)
  assert.ok(stores.every(store => store.get() === 1))
})

test('errors of listeners deep in an update leave the rest of it whole', () => {
  const source = atom(0)
  const seen = []
  const bad = computed(source, value => {
    if (value === 1) throw new Error('computed')
    return value
  })
  for (let i = 0; i < 10; i++) {
    bad.listen(value => seen.push(['bad', i, value]))
    source.listen(value => {
      seen.push([i, value])
      if (i % 2) throw new Error(`listener ${i}`)
    })
  }
  assert.throws(() => source.set(1))
  assert.equal(seen.length, 10)
  assert.throws(() => source.set(2), { message: 'listener 9' })
  assert.equal(seen.length, 30)
})

// The engine, in a process of its own, where `memory` is the engine's.
const engineTest = (name, body, check, flags = []) =>
  test(name, { skip: isLagoon ? false : 'Nano Stores has no engine' }, async () => {
    const capture = `const { Instance } = WebAssembly
      WebAssembly.Instance = class extends Instance {
        constructor(module) {
          super(module)
          globalThis.memory = this.exports.memory
          WebAssembly.Instance = Instance
        }
      }`
    const prelude = `import { mock } from 'node:test'
      const { atom, batch, batched, cleanStores, computed, effect, map, onMount } = library
      const bytes = () => memory.buffer.byteLength
      mock.timers.enable({ apis: ['setTimeout'] })
      const unmountAll = () => {
        for (let i = 0; i < 5; i++) mock.timers.tick(library.STORE_UNMOUNT_DELAY)
      }`
    const answer = await runInNode(`${prelude}\n${body}\nprocess.exit()`, {
      flags: [
        ...flags,
        '--no-warnings',
        '--import',
        `data:text/javascript,${encodeURIComponent(capture)}`
      ]
    })
    check(JSON.parse(answer))
  })

const PAGE = 65_536

engineTest(
  'there is no engine before it is needed, and it begins with one page of memory',
  `const source = atom(0)
  source.listen(() => {})
  source.set(1)
  const before = typeof memory
  computed(source, value => value).listen(() => {})
  console.log(JSON.stringify({ before, size: bytes() }))`,
  ({ before, size }) => {
    assert.equal(before, 'undefined')
    assert.equal(size, PAGE)
  }
)

engineTest(
  'the memory grows with the listeners, and none is lost',
  `const store = atom(0)
  let calls = 0
  const unbinds = Array.from({ length: 300_000 }, () => store.listen(() => calls++))
  const { lc } = store
  store.set(1)
  const grown = bytes()
  for (const unbind of unbinds) unbind()
  store.set(2)
  const after = store.lc
  for (let round = 0; round < 3; round++) {
    const unbinds = Array.from({ length: 300_000 }, () => store.listen(() => calls++))
    for (const unbind of unbinds.reverse()) unbind()
  }
  console.log(JSON.stringify({ lc, calls, grown, after, end: bytes() }))`,
  ({ lc, calls, grown, after, end }) => {
    assert.equal(lc, 300_000)
    assert.equal(calls, 300_000)
    assert.ok(grown > 2 * 300_000 * 32)
    assert.equal(after, 0)
    assert.equal(end, grown)
  }
)

engineTest(
  'a listener can make the memory grow in the middle of an update',
  `const store = atom(0)
  const seen = []
  const grow = count => {
    for (let i = 0; i < count; i++) computed(atom(i), value => value).listen(() => {})
  }
  store.listen(() => grow(5000))
  store.listen((...args) => seen.push(args))
  const derived = computed(store, value => {
    grow(10_000)
    return value * 2
  })
  derived.listen((...args) => seen.push(args))
  store.set(1)
  console.log(JSON.stringify({ seen, size: bytes() }))`,
  ({ seen, size }) => {
    assert.deepEqual(seen, [
      [1, 0, null],
      [2, 0, null]
    ])
    assert.ok(size > PAGE)
  }
)

engineTest(
  'a million atoms that nobody listens to take none of it',
  `computed(atom(0), value => value).listen(() => {})
  const stores = Array.from({ length: 1_000_000 }, (_, i) => atom(i))
  let sum = 0
  for (const store of stores) {
    store.set(store.value + 1)
    sum += store.get()
  }
  console.log(JSON.stringify({ sum, size: bytes() }))`,
  ({ sum, size }) => {
    assert.equal(sum, (1_000_000 * 1_000_001) / 2)
    assert.equal(size, PAGE)
  }
)

engineTest(
  'stores that were mounted and unmounted leave nothing in it',
  `const source = atom(0)
  const object = map({ a: 0 })
  for (let round = 0; round < 3000; round++) {
    const left = computed(source, value => value + 1)
    const right = batched([source, object], (value, { a }) => value + a)
    const both = computed([left, right, left], (...values) => values.length)
    const none = computed([], () => 1)
    const failing = computed(source, () => { throw new Error('never mounted') })
    const unbinds = [both.listen(() => {}), none.listen(() => {}), effect([source, both], () => {})]
    try { failing.get() } catch {}
    source.set(round + 1)
    object.setKey('a', round)
    for (const unbind of unbinds) unbind()
    unmountAll()
    cleanStores(failing)
  }
  console.log(JSON.stringify({ size: bytes(), lc: [source.lc, object.lc] }))`,
  ({ size, lc }) => {
    assert.equal(size, PAGE)
    assert.deepEqual(lc, [0, 0])
  }
)

engineTest(
  'what was unmounted can be collected',
  `const source = atom(0)
  const make = () => {
    const plain = atom(1)
    const double = computed(source, value => value * 2)
    const late = batched([plain, double], (a, b) => a + b)
    const none = computed([], () => 1)
    const listener = () => {}
    const unbinds = [plain, late, none].map(store => store.listen(listener))
    source.set(source.get() + 1)
    for (const unbind of unbinds) unbind()
    none.get()
    unmountAll()
    return [plain, double, late, none, listener].map(object => new WeakRef(object))
  }
  const refs = Array.from({ length: 20 }, make).flat()
  mock.timers.reset()
  await new Promise(resolve => setTimeout(resolve, 10))
  for (let i = 0; i < 5; i++) {
    gc()
    await new Promise(setImmediate)
  }
  console.log(refs.filter(ref => ref.deref()).length)`,
  alive => assert.equal(alive, 0),
  ['--expose-gc']
)

engineTest(
  'a chain of 100,000 computeds follows its source',
  `const source = atom(0)
  let last = source
  let runs = 0
  for (let i = 0; i < 100_000; i++) {
    last = computed(last, value => {
      runs++
      return value + 1
    })
    last.listen(() => {})
  }
  const seen = []
  last.listen((...args) => seen.push(args))
  source.set(1)
  batch(() => {
    source.set(2)
    seen.push([last.get()])
  })
  console.log(JSON.stringify({ runs, seen }))`,
  ({ runs, seen }) => {
    assert.equal(runs, 300_000)
    assert.deepEqual(seen, [[100_001, 100_000, null], [100_002], [100_002, 100_001, null]])
  }
)

engineTest(
  'one source with 10,000 computeds, and one computed on all of them',
  `const source = atom(0)
  const middle = Array.from({ length: 10_000 }, (_, i) => computed(source, value => value + i))
  let runs = 0
  const sum = computed(middle, (...values) => {
    runs++
    return values.reduce((a, b) => a + b)
  })
  const seen = []
  sum.subscribe(value => seen.push(value))
  source.set(1)
  source.set(2)
  console.log(JSON.stringify({ runs, seen }))`,
  ({ runs, seen }) => {
    assert.equal(runs, 3)
    assert.deepEqual(seen, [49_995_000, 50_005_000, 50_015_000])
  }
)

engineTest(
  'listeners that never settle are an error that names the store',
  `const store = atom(0)
  store.name = '$loop'
  store.listen(value => store.set(value + 1))
  let message
  try {
    store.set(1)
  } catch (error) {
    message = error.message
  }
  const other = atom(0)
  const seen = []
  other.listen((...args) => seen.push(args))
  other.set(1)
  console.log(JSON.stringify({ message, seen }))`,
  ({ message, seen }) => {
    assert.match(message, /^Lagoon: \$loop .*listeners/)
    assert.deepEqual(seen, [[1, 0, null]])
  }
)

engineTest(
  'a computed that depends on itself is an error that names it',
  `const source = atom(0)
  const stores = [source]
  const a = computed(stores, (...values) => values.length)
  const b = computed(a, value => value)
  a.name = '$a'
  b.name = '$b'
  stores.push(b)
  let message
  try {
    b.listen(() => {})
    source.set(1)
  } catch (error) {
    message = error.message
  }
  const other = atom(0)
  const seen = []
  other.listen((...args) => seen.push(args))
  other.set(1)
  console.log(JSON.stringify({ message, seen }))`,
  ({ message, seen }) => {
    assert.match(message, /^Lagoon: \$[ab] depends on itself/)
    assert.deepEqual(seen, [[1, 0, null]])
  }
)

test('what a batch in a computed wrote is delivered after it, and by the next batch, too', () => {
  const a = atom(1)
  const b = atom(0)
  const calls = []
  b.listen(value => calls.push(`first ${value}`))
  b.listen(value => calls.push(`second ${value}`))
  b.listen(value => calls.push(`third ${value}`))
  const double = computed(a, value => {
    batch(() => b.set(value))
    return value * 2
  })
  double.listen(() => {})
  a.set(2)
  batch(() => b.set(5))
  assert.deepEqual(calls.slice(-3), ['first 5', 'second 5', 'third 5'])
})

test('a listener gets the old value of its change, also if the first one has begun a batch', () => {
  const a = atom(0)
  const calls = []
  a.listen((value, oldValue) => {
    calls.push(`first ${oldValue} to ${value}`)
    if (value === 1) {
      batch(() => {})
      a.set(2)
    }
  })
  a.listen((value, oldValue) => calls.push(`second ${oldValue} to ${value}`))
  a.listen((value, oldValue) => calls.push(`third ${oldValue} to ${value}`))
  a.set(1)
  assert.deepEqual(calls.slice(-3), ['first 1 to 2', 'second 1 to 2', 'third 1 to 2'])
})

test('listeners that change who is told, or what there is to tell, in the middle of it', () => {
  const calls = []
  const a = atom(0)
  const b = atom(0)
  b.listen(value => calls.push(`b ${value}`))
  const stops = []
  const listen = name => stops.push(a.listen(value => calls.push(`${name} ${value}`)))
  let act = () => {}
  a.listen(() => act())
  listen('1')
  listen('2')
  listen('3')

  const trace = fn => {
    act = fn
    calls.length = 0
    try {
      a.set(a.get() + 1)
    } catch (error) {
      calls.push(error.message)
    }
    act = () => {}
    return calls.join()
  }

  assert.equal(
    trace(() => {
      throw new Error('failed')
    }),
    '1 1,2 1,3 1,failed'
  )
  assert.equal(
    trace(() => b.set(1)),
    '1 2,2 2,3 2,b 1'
  )
  assert.equal(
    trace(() => {
      stops[1]()
      listen('4')
    }),
    '1 3,3 3'
  )
  const double = computed(a, value => value * 2)
  assert.equal(
    trace(() => double.listen(value => calls.push(`double ${value}`))),
    '1 4,3 4,4 4'
  )
  assert.equal(
    trace(() => {
      for (const stop of stops) stop()
    }),
    'double 10'
  )
  cleanStores(a, b, double)

  const c = atom(0)
  let left = 0
  for (let i = 0; i < 1000; i++) {
    const stop = c.listen(() => {
      left++
      stop()
    })
  }
  c.set(1)
  c.set(2)
  assert.equal(left, 1000)
  assert.equal(c.lc, 0)
})

difference('a listener that cleans its store is the last one to be told', () => {
  const store = atom(0)
  const calls = []
  store.listen(() => cleanStores(store))
  store.listen(() => calls.push('told'))
  store.set(1)
  assert.deepEqual(calls, [])
  store.listen(() => calls.push('later'))
  store.set(2)
  assert.deepEqual(calls, ['later'])
})
