import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atom, batch, computed, effect, isLagoon, map, onStop, recorder } from '../tests/library.js'
import { effectScope } from './index.js'

test('an effect runs at once and after each change', () => {
  const count = atom(1)
  const run = recorder()
  effect(count, run)
  assert.deepEqual(run.calls, [[1]])
  count.set(2)
  count.set(2)
  assert.deepEqual(run.calls, [[1], [2]])
})

test('an effect gets the values of all its stores', () => {
  const a = atom('a')
  const b = map({ key: 'b' })
  const c = computed(a, value => value.toUpperCase())
  const run = recorder()
  effect([a, b, c], run)
  b.setKey('key', 'B')
  assert.deepEqual(run.calls, [
    ['a', { key: 'b' }, 'A'],
    ['a', { key: 'B' }, 'A']
  ])
})

test('an effect without stores runs once', () => {
  const run = recorder()
  const stop = effect([], run)
  assert.deepEqual(run.calls, [[]])
  stop()
})

test('the clean-up comes before the next run, and at the end', () => {
  const count = atom(1)
  const order = []
  const stop = effect(count, value => {
    order.push(`run ${value}`)
    return () => order.push(`clean ${value}`)
  })
  count.set(2)
  count.set(3)
  stop()
  count.set(4)
  assert.deepEqual(order, ['run 1', 'clean 1', 'run 2', 'clean 2', 'run 3', 'clean 3'])
})

test('a run without a clean-up leaves none from before', () => {
  const count = atom(1)
  const order = []
  const stop = effect(count, value => {
    if (value === 1) return () => order.push('clean')
  })
  count.set(2)
  count.set(3)
  stop()
  assert.deepEqual(order, ['clean'])
})

test('an effect mounts its stores until it ends', () => {
  const a = atom(1)
  const b = atom(1)
  const run = recorder()
  const stop = effect([a, b], run)
  assert.equal(a.lc, 1)
  assert.equal(b.lc, 1)
  stop()
  assert.equal(a.lc, 0)
  assert.equal(b.lc, 0)
  a.set(2)
  assert.equal(run.calls.length, 1)
})

test('an effect on a store and on what is derived from it runs for each of them', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const run = recorder()
  effect([count, double], run)
  count.set(2)
  assert.deepEqual(run.calls, [
    [1, 2],
    [2, 4],
    [2, 4]
  ])
})

test('in a batch an effect runs once, at the end', () => {
  const a = atom(1)
  const b = atom(1)
  const run = recorder()
  effect([a, b], run)
  batch(() => {
    a.set(2)
    b.set(2)
    assert.equal(run.calls.length, 1)
  })
  assert.deepEqual(run.calls, [
    [1, 1],
    [2, 2]
  ])
})

test('in a batch an effect on a store and on what is derived from it runs for each, with new values', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const run = recorder()
  effect([count, double], run)
  batch(() => count.set(2))
  assert.deepEqual(run.calls, [
    [1, 2],
    [2, 4],
    [2, 4]
  ])
})

test('an effect whose first run throws has ended', () => {
  const count = atom(1)
  let runs = 0
  assert.throws(
    () =>
      effect(count, () => {
        runs++
        throw new Error('first')
      }),
    { message: 'first' }
  )
  assert.equal(count.lc, 0)
  count.set(2)
  assert.equal(runs, 1)
})

test('an effect that can not be mounted leaves no listener', () => {
  const count = atom(1)
  const bad = computed(atom(1), () => {
    throw new Error('mount')
  })
  assert.throws(() => effect([count, bad], () => {}), { message: 'mount' })
  assert.equal(count.lc, 0)
})

test('what a later run throws, the write throws, and the effect goes on', () => {
  const count = atom(1)
  const seen = []
  effect(count, value => {
    seen.push(value)
    if (value === 2) throw new Error('second')
  })
  assert.throws(() => count.set(2), { message: 'second' })
  count.set(3)
  assert.deepEqual(seen, [1, 2, 3])
})

test('an effect can write to a store, also to its own', () => {
  const count = atom(0)
  const shown = atom('')
  effect(count, value => {
    shown.set(`${value}`)
    if (value < 3) count.set(value + 1)
  })
  assert.equal(count.get(), 3)
  assert.equal(shown.get(), '3')
})

test('an effect can end in a listener, before its turn', () => {
  const count = atom(1)
  const order = []
  count.listen(() => stop())
  const stop = effect(count, value => {
    order.push(value)
    return () => order.push('clean')
  })
  count.set(2)
  assert.deepEqual(order, [1, 'clean'])
})

test('all that an effect needs of a store is get and listen', () => {
  let call
  let value = 1
  const run = recorder()
  const foreign = {
    get: () => value,
    listen(listener) {
      call = listener
      return () => {
        call = undefined
      }
    }
  }
  const stop = effect([foreign, atom('a')], run)
  value = 2
  call()
  assert.deepEqual(run.calls, [
    [1, 'a'],
    [2, 'a']
  ])
  stop()
  assert.equal(call, undefined)
})

// ---- Effects that track what they read ----------------------------------------------------------

const tracks = isLagoon ? test : test.skip

tracks('an effect without a list depends on what it reads', () => {
  const isOpen = atom(true)
  const title = atom('Cart')
  const seen = []
  const stop = effect(() => {
    if (isOpen.get()) seen.push(title.get())
  })
  title.set('Your cart')
  isOpen.set(false)
  assert.equal(title.lc, 0)
  title.set('Cart')
  isOpen.set(true)
  assert.deepEqual(seen, ['Cart', 'Your cart', 'Cart'])
  stop()
  stop()
  assert.deepEqual([isOpen.lc, title.lc, isOpen.node, title.node], [0, 0, 0, 0])
  isOpen.set(false)
  assert.equal(seen.length, 3)
})

tracks('it runs once for each change, in a batch at the end', () => {
  const a = atom(1)
  const double = computed(() => a.get() * 2)
  const seen = []
  effect(() => void seen.push(a.get() + double.get()))
  a.set(2)
  batch(() => {
    a.set(3)
    a.set(4)
  })
  assert.deepEqual(seen, [3, 6, 12])
})

tracks('only a function is a clean-up', () => {
  const a = atom(1)
  const order = []
  const stop = effect(() => {
    const value = a.get()
    order.push(`run ${value}`)
    return value === 3 ? value : () => order.push(`clean ${value}`)
  })
  a.set(2)
  a.set(3)
  a.set(4)
  stop()
  assert.deepEqual(order, ['run 1', 'clean 1', 'run 2', 'clean 2', 'run 3', 'run 4', 'clean 4'])
})

tracks('its clean-up is not tracked', () => {
  const a = atom(1)
  const b = atom(1)
  let runs = 0
  effect(() => {
    a.get()
    runs++
    return () => b.get()
  })
  a.set(2)
  b.set(2)
  assert.equal(runs, 2)
})

tracks('what it writes is delivered when it has run', () => {
  const a = atom(1)
  const b = atom(0)
  const c = atom(0)
  const order = []
  const sum = computed(() => b.get() + c.get())
  sum.listen(value => order.push(`sum ${value}`))
  effect(() => {
    b.set(a.get())
    c.set(a.get())
    order.push('written')
  })
  a.set(2)
  assert.deepEqual(order, ['written', 'sum 2', 'written', 'sum 4'])
})

tracks('one that writes what it reads runs until that settles', () => {
  const count = atom(1)
  let runs = 0
  effect(() => {
    runs++
    if (count.get() < 5) count.set(count.get() + 1)
  })
  assert.equal(count.get(), 5)
  assert.equal(runs, 5)
  count.set(3)
  assert.equal(count.get(), 5)
})

tracks('one that never settles is an error that names the store', () => {
  const count = Object.assign(atom(0), { name: 'count' })
  assert.throws(
    () => effect(() => count.set(count.get() + 1)),
    /count is changed by its listeners without end/
  )
  assert.equal(count.lc, 0)
})

tracks('an effect in an effect ends with it and before its next run', () => {
  const a = atom(1)
  const b = atom(1)
  const order = []
  const stop = effect(() => {
    const value = a.get()
    effect(() => {
      const sum = value + b.get()
      order.push(`run ${sum}`)
      return () => order.push(`clean ${sum}`)
    })
    effect(b, inner => {
      order.push(`listed ${value} ${inner}`)
    })
    return () => order.push(`outer clean ${value}`)
  })
  b.set(2)
  a.set(10)
  stop()
  b.set(3)
  assert.deepEqual(order, [
    'run 2',
    'listed 1 1',
    'clean 2',
    'run 3',
    'listed 1 2',
    'clean 3',
    'outer clean 1',
    'run 12',
    'listed 10 2',
    'clean 12',
    'outer clean 10'
  ])
  assert.deepEqual([a.lc, b.lc], [0, 0])
})

tracks('an effect in another one does not run before that, which may end it', () => {
  const user = atom({ name: 'Ada' })
  const isThere = computed(() => user.get() !== null)
  const seen = []
  effect(() => {
    if (isThere.get()) effect(() => void seen.push(user.get().name))
    else seen.push('nobody')
  })
  user.set(null)
  user.set({ name: 'Grace' })
  assert.deepEqual(seen, ['Ada', 'nobody', 'Grace'])

  const isOn = atom(true)
  const order = []
  effect(() => {
    if (isOn.get()) effect(() => void order.push(user.get().name))
  })
  batch(() => {
    user.set(null)
    isOn.set(false)
    user.set({ name: 'Alan' })
  })
  assert.deepEqual(order, ['Grace'])
})

tracks('many effects end together', () => {
  const a = atom(1)
  const stop = effectScope(() => {
    for (let i = 0; i < 20_000; i++) effect(() => void a.get())
  })
  assert.equal(a.lc, 20_000)
  stop()
  assert.equal(a.lc, 0)
})

tracks('an onStop that throws does not keep the others', () => {
  for (const isListed of [false, true]) {
    const a = atom(1)
    const b = atom(1)
    onStop(a, () => {
      throw new Error('stop')
    })
    const stop = isListed ? effect([a, b], () => {}) : effect(() => void (a.get() + b.get()))
    assert.throws(stop, /stop/)
    assert.deepEqual([a.lc, b.lc, b.node], [0, 0, 0])
  }
})

tracks('an effect that a listener makes meanwhile belongs to nobody', () => {
  const a = atom(1)
  const b = atom(1)
  const seen = []
  b.listen(() => effect(() => void seen.push(b.get())))
  const stop = effectScope(() => b.set(2))
  stop()
  b.set(3)
  assert.deepEqual(seen, [2, 3, 3])
  assert.equal(a.lc, 0)
})

tracks('an effect may end itself', () => {
  const a = atom(1)
  const order = []
  const stop = effect(() => {
    order.push(`run ${a.get()}`)
    if (a.get() === 2) stop()
    a.get()
    return () => order.push('clean')
  })
  a.set(2)
  a.set(3)
  assert.deepEqual(order, ['run 1', 'clean', 'run 2', 'clean'])
  assert.deepEqual([a.lc, a.node], [0, 0])
})

tracks('an effect may end another one that waits', () => {
  const a = atom(1)
  let runs = 0
  effect(() => {
    if (a.get() === 2) stop()
  })
  const stop = effect(() => {
    a.get()
    runs++
  })
  a.set(2)
  assert.equal(runs, 1)
})

tracks('an effect whose first run throws has ended', () => {
  const a = atom(1)
  const order = []
  const failing = () => {
    effect(() => {
      a.get()
      return () => order.push('inner clean')
    })
    a.get()
    throw new Error('first')
  }
  assert.throws(() => effect(failing), /first/)
  assert.deepEqual(order, ['inner clean'])
  assert.deepEqual([a.lc, a.node], [0, 0])
})

tracks('an effect that throws later goes on, and the others run', () => {
  const a = atom(1)
  const seen = []
  effect(() => {
    if (a.get() === 2) throw new Error('two')
    seen.push(`first ${a.get()}`)
  })
  effect(() => void seen.push(`second ${a.get()}`))
  assert.throws(() => a.set(2), /two/)
  a.set(3)
  assert.deepEqual(seen, ['first 1', 'second 1', 'second 2', 'first 3', 'second 3'])
})

tracks('a clean-up that throws is told, and does not come twice', () => {
  const a = atom(1)
  let runs = 0
  const stop = effect(() => {
    runs++
    if (a.get() === 1) {
      return () => {
        throw new Error('clean-up')
      }
    }
  })
  assert.throws(() => a.set(2), /clean-up/)
  assert.equal(runs, 1)
  a.set(3)
  assert.equal(runs, 2)
  stop()
  assert.equal(a.lc, 0)
})

tracks('a scope ends all its effects, also if one fails', () => {
  const a = atom(1)
  const order = []
  const stop = effectScope(() => {
    effect(() => {
      a.get()
      return () => order.push('first')
    })
    effect(a, () => () => {
      throw new Error('clean-up')
    })
    effectScope(() => {
      effect(() => {
        a.get()
        return () => order.push('inner')
      })
    })
  })
  assert.equal(a.lc, 3)
  assert.throws(stop, /clean-up/)
  assert.deepEqual(order, ['first', 'inner'])
  assert.equal(a.lc, 0)
  stop()
})

tracks('a scope does not track, and one that fails leaves no effect', () => {
  const a = atom(1)
  let runs = 0
  const stop = effect(() => {
    runs++
    effectScope(() => a.get())
  })
  a.set(2)
  assert.equal(runs, 1)
  stop()
  assert.throws(
    () =>
      effectScope(() => {
        effect(() => void a.get())
        throw new Error('scope')
      }),
    /scope/
  )
  assert.equal(a.lc, 0)
})

tracks('an effect that ended is no longer held by its scope', () => {
  const a = atom(1)
  let cleanUps = 0
  const stop = effectScope(() => {
    const stopInner = effect(() => {
      a.get()
      return () => cleanUps++
    })
    stopInner()
  })
  stop()
  assert.equal(cleanUps, 1)
})

tracks('a wrong argument is an error', () => {
  assert.throws(() => effect(1), /effect\(\) needs a function/)
})
