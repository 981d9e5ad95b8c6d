import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import {
  atom,
  batch,
  batched,
  cleanStores,
  computed,
  effect,
  map,
  onMount,
  onNotify,
  onSet,
  onStart,
  onStop,
  STORE_UNMOUNT_DELAY,
  task
} from './index.js'
import { recorder } from '../tests/library.js'

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

// A tracked computed that counts its runs.
const counted = fn => {
  const store = computed(() => {
    store.runs++
    return fn()
  })
  return Object.assign(store, { runs: 0 })
}

test('it depends on what its function reads', () => {
  const a = atom(1)
  const b = map({ x: 2 })
  const sum = counted(() => a.get() + b.get().x)
  const listener = recorder()
  sum.listen(listener)
  a.set(2)
  b.setKey('x', 3)
  atom(0).set(1)
  assert.deepEqual(listener.calls, [
    [4, 3, undefined],
    [5, 4, undefined]
  ])
  assert.equal(sum.runs, 3)
})

test('nothing runs before somebody needs it', () => {
  const a = atom(1)
  const double = counted(() => a.get() * 2)
  a.set(2)
  assert.equal(double.runs, 0)
  assert.equal(double.value, undefined)
  assert.equal(double.get(), 4)
  assert.equal(double.value, 4)
  assert.equal(double.runs, 1)
})

test('a read runs it only if something changed that it read', () => {
  const a = atom(1)
  const other = atom(1)
  const double = counted(() => a.get() * 2)
  double.get()
  other.set(2)
  double.get()
  a.set(1)
  double.get()
  assert.equal(double.runs, 1)
  a.set(2)
  a.set(3)
  assert.equal(double.runs, 1)
  assert.equal(double.get(), 6)
  assert.equal(double.runs, 2)
})

test('sources come and go with the branches that are taken', () => {
  const isFull = atom(false)
  const first = atom('Ada')
  const last = atom('Lovelace')
  const name = counted(() => (isFull.get() ? `${first.get()} ${last.get()}` : first.get()))
  const listener = recorder()
  name.subscribe(listener)
  last.set('King')
  assert.equal(name.runs, 1)
  assert.equal(last.lc, 0)
  isFull.set(true)
  last.set('Byron')
  assert.equal(last.lc, 1)
  isFull.set(false)
  assert.equal(last.lc, 0)
  last.set('King')
  assert.deepEqual(
    listener.calls.map(([value]) => value),
    ['Ada', 'Ada King', 'Ada Byron', 'Ada']
  )
  assert.equal(name.runs, 4)
})

test('a store that is read twice is one source', () => {
  const a = atom(1)
  const b = atom(1)
  const sum = counted(() => a.get() + b.get() + a.get() + b.get())
  sum.listen(() => {})
  assert.equal(a.lc, 1)
  assert.equal(b.lc, 1)
  a.set(2)
  assert.equal(sum.runs, 2)
  assert.equal(sum.value, 6)
})

test('what another function reads meanwhile does not confuse it', () => {
  const a = atom(1)
  const inner = counted(() => a.get() + 1)
  const outer = counted(() => a.get() + inner.get() + a.get())
  outer.listen(() => {})
  assert.equal(a.lc, 2)
  a.set(2)
  assert.equal(outer.value, 7)
  assert.equal(a.lc, 2)
  assert.deepEqual([inner.runs, outer.runs], [2, 2])
})

test('a diamond runs once for each change, and never half updated', () => {
  const a = atom(1)
  const left = counted(() => a.get() + 1)
  const right = counted(() => a.get() + 1)
  const seen = []
  const end = counted(() => {
    seen.push([left.get(), right.get()])
    return left.get() + right.get()
  })
  end.listen(() => {})
  a.set(2)
  a.set(3)
  assert.deepEqual(seen, [
    [2, 2],
    [3, 3],
    [4, 4]
  ])
  assert.deepEqual([left.runs, right.runs, end.runs], [3, 3, 3])
})

test('an equal result stops the update', () => {
  const a = atom(1)
  const isOdd = counted(() => a.get() % 2 === 1)
  const text = counted(() => String(isOdd.get()))
  text.listen(() => {})
  a.set(3)
  assert.deepEqual([isOdd.runs, text.runs], [2, 1])
})

test('eq is asked', () => {
  const list = atom([1, 2])
  const even = computed(() => list.get().filter(value => value % 2 === 0))
  even.eq = (a, b) => String(a) === String(b)
  const listener = recorder()
  even.listen(listener)
  list.set([1, 2, 3])
  list.set([2, 4])
  assert.deepEqual(listener.calls, [[[2, 4], [2], undefined]])
})

test('what a branch no longer needs is not computed', () => {
  const isOn = atom(true)
  const source = atom(1)
  const costly = counted(() => source.get() * 100)
  const view = counted(() => (isOn.get() ? costly.get() : 0))
  view.listen(() => {})
  batch(() => {
    source.set(2)
    isOn.set(false)
  })
  assert.equal(view.value, 0)
  assert.equal(costly.runs, 1)
})

test('nothing runs for a batch that gives all stores their old values back', () => {
  const a = atom(1)
  const b = atom(1)
  const sum = counted(() => a.get() + b.get())
  const listener = recorder()
  sum.listen(listener)
  batch(() => {
    a.set(2)
    b.set(2)
    a.set(1)
    b.set(1)
  })
  assert.equal(sum.runs, 1)
  batch(() => {
    a.set(2)
    assert.equal(sum.get(), 3)
    a.set(1)
  })
  assert.equal(sum.get(), 2)
  assert.deepEqual([sum.runs, listener.calls.length], [3, 1])
})

test('it works with listed computeds, above and below', () => {
  const a = atom(1)
  const listed = computed(a, value => value + 1)
  const tracked = counted(() => listed.get() * 10)
  const below = computed([tracked, a], (x, y) => x + y)
  const listener = recorder()
  below.listen(listener)
  assert.equal(below.value, 21)
  a.set(2)
  assert.deepEqual(listener.calls, [[32, 21, undefined]])
  assert.equal(tracked.runs, 2)
})

test('the function of a listed computed is not tracked', () => {
  const a = atom(1)
  const hidden = atom(1)
  const listed = computed(a, value => value + hidden.get())
  const tracked = counted(() => listed.get())
  tracked.listen(() => {})
  assert.equal(hidden.lc, 0)
  hidden.set(2)
  assert.equal(tracked.runs, 1)
})

test('listeners and events are not tracked', () => {
  const hidden = atom(1)
  const a = atom(1)
  const read = () => void hidden.get()
  onMount(a, read)
  onStart(a, read)
  onSet(a, read)
  onNotify(a, read)
  const tracked = counted(() => {
    a.subscribe(read)()
    return a.get()
  })
  tracked.listen(() => {})
  a.set(2)
  hidden.set(2)
  assert.equal(tracked.runs, 2)
  assert.equal(hidden.lc, 0)
})

test('its sources are mounted as long as it is, and the delay after', () => {
  const calls = []
  const a = atom(1)
  onMount(a, () => {
    calls.push('mount')
    return () => calls.push('unmount')
  })
  const double = computed(() => a.get() * 2)
  const unbind = double.listen(() => {})
  assert.deepEqual(calls, ['mount'])
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY - 1)
  assert.equal(a.lc, 1)
  mock.timers.tick(1)
  assert.equal(a.lc, 0)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(calls, ['mount', 'unmount'])
  assert.equal(double.node, 0)
  assert.equal(a.node, 0)
})

test('a read mounts it for the delay', () => {
  const a = atom(1)
  const double = counted(() => a.get() * 2)
  assert.equal(double.get(), 2)
  assert.equal(a.lc, 1)
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.equal(a.lc, 0)
  a.set(2)
  assert.equal(double.get(), 4)
  assert.equal(double.runs, 2)
})

test('events of the sources come once', () => {
  const calls = []
  const a = atom(1)
  onStart(a, () => calls.push('start'))
  onStop(a, () => calls.push('stop'))
  const isOn = atom(true)
  const view = computed(() => isOn.get() && a.get())
  const unbind = view.listen(() => {})
  a.set(2)
  isOn.set(false)
  isOn.set(true)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(calls, ['start', 'stop', 'start', 'stop'])
})

test('its own onMount may read it', () => {
  const a = atom(1)
  const double = counted(() => a.get() * 2)
  const seen = []
  onMount(double, () => void seen.push(double.get()))
  const listener = recorder()
  double.subscribe(listener)
  a.set(2)
  assert.deepEqual(seen, [2])
  assert.deepEqual(listener.calls, [[2], [4, 2, undefined]])
  assert.equal(double.runs, 2)
})

test('a source may be written while it is mounted', () => {
  const a = atom(1)
  const b = atom(1)
  onMount(b, () => a.set(5))
  const sum = computed(() => a.get() + b.get())
  const listener = recorder()
  sum.subscribe(listener)
  assert.equal(sum.get(), 6)
  assert.equal(listener.calls.at(-1)[0], 6)
})

test('a source that is mounted may write one that was read before', () => {
  const a = atom(1)
  const b = atom(0)
  onMount(a, () => b.set(5))
  const sum = computed(() => b.get() * 10 + a.get())
  const listener = recorder()
  sum.subscribe(listener)
  assert.deepEqual(listener.calls, [[51]])
})

test('what another computed writes meanwhile is seen', () => {
  const a = atom(1)
  const writer = computed(() => {
    a.set(7)
    return 1
  })
  const both = computed(() => `${a.get()}:${writer.get()}`)
  assert.equal(both.get(), '7:1')
})

test('what is read while it is being mounted is current afterwards', () => {
  const a = atom(1)
  const other = atom(1)
  const late = batched(a, value => value)
  const middle = computed(() => late.get() + other.get())
  const copy = computed(middle, value => value)
  const guest = computed(() => copy.get())
  const calls = []
  let hasCome = false
  middle.listen(() => {
    if (hasCome) return
    hasCome = true
    effect(() => calls.push(`guest ${guest.get()}`))
    other.set(10)
  })
  a.set(2)
  copy.subscribe(value => calls.push(`listener ${value}`))
  assert.deepEqual(calls, ['guest 3', 'guest 12', 'listener 12'])
})

test('an effect that its function makes ends with the next run', () => {
  const a = atom(1)
  const order = []
  const double = computed(() => {
    const value = a.get()
    effect(() => {
      order.push(`run ${value}`)
      return () => order.push(`end ${value}`)
    })
    return value * 2
  })
  const unbind = double.listen(() => {})
  a.set(2)
  unbind()
  mock.timers.tick(STORE_UNMOUNT_DELAY)
  assert.deepEqual(order, ['run 1', 'end 1', 'run 2', 'end 2'])
})

test('many sources that are read twice, with others between, take no more than in proportion', () => {
  const many = Array.from({ length: 10_000 }, () => atom(1))
  const between = computed(() => many.reduce((sum, store) => sum + store.get(), 0))
  const sum = computed(
    () =>
      many.reduce((sum, store) => sum + store.get(), 0) +
      between.get() +
      many.reduceRight((sum, store) => sum + store.get(), 0)
  )
  assert.equal(sum.get(), 30_000)
  many[5].set(2)
  assert.equal(sum.get(), 30_003)
  assert.equal(many[5].lc, 2)
})

test('a failure is what reads get until a source changes', () => {
  const a = atom(1)
  const inverse = counted(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  assert.equal(inverse.get(), 1)
  a.set(0)
  assert.throws(() => inverse.get(), /by zero/)
  assert.throws(() => inverse.get(), /by zero/)
  assert.equal(inverse.runs, 2)
  a.set(1)
  assert.equal(inverse.get(), 1)
})

test('a failure at the first run leaves nothing behind, and it recovers', () => {
  const a = atom(0)
  const inverse = computed(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  const listener = recorder()
  assert.throws(() => inverse.listen(listener), /by zero/)
  assert.throws(() => inverse.subscribe(listener), /by zero/)
  assert.equal(inverse.lc, 0)
  a.set(2)
  assert.deepEqual(listener.calls, [])
  inverse.subscribe(listener)
  assert.deepEqual(listener.calls, [[0.5]])
})

test('the write that makes it fail for a listener throws, and the listener hears when it recovers', () => {
  const a = atom(1)
  const inverse = computed(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  const listener = recorder()
  const other = recorder()
  inverse.listen(listener)
  a.listen(other)
  assert.throws(() => a.set(0), /by zero/)
  assert.equal(other.calls.length, 1)
  assert.equal(listener.calls.length, 0)
  a.set(1)
  assert.deepEqual(listener.calls, [], 'its value is what the listener knows')
  assert.throws(() => a.set(0), /by zero/)
  a.set(2)
  assert.deepEqual(listener.calls, [[0.5, 1, undefined]])
})

test('a batch in which it fails and recovers tells the listeners once', () => {
  const a = atom(1)
  const inverse = computed(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  const listener = recorder()
  inverse.listen(listener)
  const failFor = value =>
    batch(() => {
      a.set(0)
      assert.throws(() => inverse.get(), /by zero/)
      a.set(value)
    })
  failFor(1)
  assert.deepEqual(listener.calls, [])
  failFor(2)
  assert.deepEqual(listener.calls, [[0.5, 1]])
})

test('who reads a failed one fails with it, and recovers with it', () => {
  const a = atom(1)
  const inverse = computed(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  const percent = computed(() => inverse.get() * 100)
  const listed = computed(inverse, value => value * 10)
  const runs = []
  effect(() => {
    try {
      runs.push(percent.get())
    } catch (error) {
      runs.push(error.message)
    }
  })
  a.set(0)
  assert.throws(() => listed.get(), /by zero/)
  a.set(1)
  assert.equal(listed.get(), 10)
  a.set(2)
  assert.equal(listed.get(), 5)
  assert.deepEqual(runs, [100, 'by zero', 100, 50])
})

test('one that reads a listed one that fails recovers with it', () => {
  const a = atom(0)
  const listed = computed(a, value => {
    if (value === 0) throw new Error('by zero')
    return 1 / value
  })
  const tracked = computed(() => listed.get() * 100)
  assert.throws(() => tracked.get(), /by zero/)
  a.set(1)
  assert.equal(tracked.get(), 100)
  const listener = recorder()
  tracked.listen(listener)
  assert.throws(() => a.set(0), /by zero/)
  a.set(2)
  assert.equal(tracked.get(), 50)
})

test('any value can be thrown', () => {
  const store = computed(() => {
    throw undefined
  })
  let thrown = []
  try {
    store.get()
  } catch (error) {
    thrown.push(error)
  }
  assert.deepEqual(thrown, [undefined])
})

test('a computed that reads itself is an error that names the way', () => {
  const a = Object.assign(
    computed(() => b.get()),
    { name: 'a' }
  )
  const b = Object.assign(
    computed(() => c.get()),
    { name: 'b' }
  )
  const isOn = atom(true)
  const c = computed(() => (isOn.get() ? a.get() : 1))
  c.name = 'c'
  assert.throws(() => a.get(), {
    message: 'Lagoon: a depends on itself (a → b → c → a). Let its function read other stores'
  })
  isOn.set(false)
  assert.equal(a.get(), 1)
  isOn.set(true)
  assert.throws(() => c.get(), /depends on itself/)
  assert.throws(() => computed(() => c.get() + 1).get(), /depends on itself/)
})

test('a cycle through a listed computed is an error', () => {
  const isOn = atom(true)
  const tracked = computed(() => (isOn.get() ? listed.get() : 1))
  tracked.name = 'tracked'
  const listed = computed(tracked, value => value + 1)
  listed.name = 'listed'
  const error = /(listed depends on itself \(listed → tracked → listed\)|tracked depends on itself)/
  assert.throws(() => tracked.get(), error)
  assert.throws(() => listed.get(), error)
  isOn.set(false)
  assert.equal(listed.get(), 2)
})

test('a cycle that the engine finds names all stores', () => {
  const isOn = atom(false)
  const a = computed(() => (isOn.get() ? b.get() : 0))
  a.name = 'a'
  const b = computed(() => a.get() + 1)
  b.name = 'b'
  b.listen(() => {})
  assert.throws(() => isOn.set(true), /(a → b → a|b → a → b)/)
  isOn.set(false)
  assert.equal(b.get(), 1)
})

test('it may write to other stores; their listeners come after it', () => {
  const a = atom(1)
  const copy = atom(0)
  const order = []
  copy.listen(value => order.push(`copy ${value}`))
  const double = computed(() => {
    copy.set(a.get())
    order.push('written')
    return a.get() * 2
  })
  double.listen(value => order.push(`double ${value}`))
  a.set(2)
  assert.deepEqual(order, ['written', 'copy 1', 'written', 'copy 2', 'double 4'])
})

test('one that writes what it has read runs until that settles', () => {
  const count = atom(1)
  const atLeastFive = computed(() => {
    if (count.get() < 5) count.set(count.get() + 1)
    return count.get()
  })
  atLeastFive.listen(() => {})
  assert.equal(atLeastFive.get(), 5)
})

test('one without sources stays', () => {
  const constant = counted(() => 1)
  const unbind = constant.listen(() => {})
  constant.get()
  unbind()
  constant.listen(() => {})
  assert.equal(constant.runs, 1)
})

test('batched tracks, too, and waits for the timer', () => {
  const a = atom(1)
  const b = atom(1)
  let runs = 0
  const sum = batched(() => {
    runs++
    return a.get() + b.get()
  })
  const listener = recorder()
  sum.listen(listener)
  a.set(2)
  b.set(2)
  assert.equal(runs, 1)
  mock.timers.tick(0)
  assert.deepEqual(listener.calls, [[4, 2, undefined]])
  a.set(3)
  assert.equal(sum.get(), 5)
  mock.timers.tick(0)
  assert.equal(runs, 3)
})

test('a batched one that fails throws in its timer, and recovers', () => {
  const a = atom(1)
  const inverse = batched(() => {
    if (a.get() === 0) throw new Error('by zero')
    return 1 / a.get()
  })
  const listener = recorder()
  inverse.listen(listener)
  a.set(0)
  assert.throws(() => mock.timers.tick(0), /by zero/)
  a.set(2)
  mock.timers.tick(0)
  assert.deepEqual(listener.calls, [[0.5, 1, undefined]])
})

test('a promise is a value as any other', async () => {
  const store = computed(() => task(async () => 1))
  assert.equal(await store.get(), 1)
})

test('cleanStores puts it back to where it began', () => {
  const a = atom(1)
  const double = counted(() => a.get() * 2)
  const unbind = double.listen(() => {})
  cleanStores(double)
  assert.equal(double.value, undefined)
  assert.equal(a.lc, 0)
  unbind()
  a.set(2)
  assert.equal(double.get(), 4)
  cleanStores(a)
  a.set(3)
  assert.equal(double.get(), 6)
})

test('a chain of 100,000 that is mounted from below is updated', () => {
  const first = atom(0)
  let last = first
  for (let i = 0; i < 100_000; i++) {
    const above = last
    last = computed(() => above.get() + 1)
    last.listen(() => {})
  }
  first.set(1)
  assert.equal(last.get(), 100_001)
})

test('a wrong argument is an error', () => {
  assert.throws(() => computed(1), /needs a function/)
  assert.throws(() => batched(), /needs a function/)
})

// Random graphs of stores, some tracked and some listed, with branches that switch, beside a model
// that computes everything anew.
const random = seed => max => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * max)
}

const play = seed => {
  const pick = random(seed)
  const atoms = Array.from({ length: 1 + pick(4) }, () => atom(pick(4)))
  const nodes = atoms.map($store => ({ $store, expect: () => $store.value }))
  const last = new Map()
  const changed = () => nodes.filter(node => node.expect() !== last.get(node))

  for (let i = pick(8); i >= 0; i--) {
    const [a, b, c] = Array.from({ length: 3 }, () => nodes[pick(nodes.length)])
    const modulo = 2 + pick(4)
    const isListed = pick(4) === 0
    const node = { runs: 0 }
    node.expect = isListed
      ? () => (a.expect() + b.expect()) % modulo
      : () => (a.expect() % 2 ? b.expect() + 1 : c.expect()) % modulo
    node.$store = isListed
      ? computed([a.$store, b.$store], (x, y) => (x + y) % modulo)
      : computed(() => {
          node.runs++
          return (a.$store.get() % 2 ? b.$store.get() + 1 : c.$store.get()) % modulo
        })
    nodes.push(node)
  }

  const bindings = []
  for (let i = pick(5); i > 0; i--) {
    const node = nodes[pick(nodes.length)]
    const other = nodes[pick(nodes.length)]
    if (pick(2)) {
      const see = value => assert.equal(value, node.expect(), `seed ${seed}: a listener`)
      bindings.push(node.$store.listen(see))
    } else {
      let seen
      const stop = effect(() => {
        const values = [node.$store.get(), node.$store.get() % 2 ? other.$store.get() : -1]
        const expected = [node.expect(), node.expect() % 2 ? other.expect() : -1]
        assert.deepEqual(values, expected, `seed ${seed}: an effect`)
        assert.notDeepEqual(values, seen, `seed ${seed}: an effect runs in vain`)
        seen = values
      })
      bindings.push(stop)
    }
  }

  for (let step = 0; step < 20; step++) {
    for (const node of nodes) {
      last.set(node, node.expect())
      node.runs = 0
    }
    const write = () => atoms[pick(atoms.length)].set(pick(4))
    const kind = pick(6)
    if (kind < 3) write()
    else if (kind === 3) batch(() => [write(), write(), write()])
    else if (kind === 4) nodes[pick(nodes.length)].$store.get()
    else bindings.splice(pick(bindings.length), 1)[0]?.()
    for (const { runs } of nodes) assert.ok(!(runs > 1), `seed ${seed}: one runs ${runs} times`)
    if (!changed().length && kind < 4) {
      for (const { runs } of nodes)
        assert.ok(!runs, `seed ${seed}: one runs though nothing changed`)
    }
  }
  for (const { $store, expect } of nodes) assert.equal($store.get(), expect(), `seed ${seed}`)
  for (const unbind of bindings) unbind()
  for (let i = 0; i < 20; i++) mock.timers.tick(STORE_UNMOUNT_DELAY)
  for (const { $store } of nodes) assert.equal($store.node, 0, `seed ${seed}: a node is left`)
}

test('random graphs have the values of a model that computes everything anew', () => {
  const first = Number(process.env.LAGOON_SEED ?? 1)
  const count = Number(process.env.LAGOON_PROGRAMS ?? 3000)
  for (let seed = first; seed < first + count; seed++) play(seed)
})

test('a long chain that reads other stores at each update runs each function once', () => {
  const $count = atom(0)
  const $even = atom(0)
  const $odd = atom(0)
  const unbinds = []
  let runs = 0
  let $last = $count
  for (let i = 0; i < 1000; i++) {
    const $source = $last
    $last = computed(() => {
      runs++
      const value = $source.get()
      ;(value % 2 ? $odd : $even).get()
      return value
    })
    if (i % 50 === 0) unbinds.push($last.listen(() => {}))
  }
  const seen = []
  computed([$last], value => value).listen(value => seen.push(value))
  for (const unbind of unbinds) unbind()
  runs = 0
  $count.set(1)
  $count.set(2)
  assert.deepEqual(seen, [1, 2])
  assert.equal(runs, 2000)
})
