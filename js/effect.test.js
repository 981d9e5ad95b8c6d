import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atom, batch, computed, effect, map, recorder } from '../tests/library.js'

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

test('in a batch an effect on a store and on what is derived from it runs once', () => {
  const count = atom(1)
  const double = computed(count, value => value * 2)
  const run = recorder()
  effect([count, double], run)
  batch(() => count.set(2))
  assert.deepEqual(run.calls.at(-1), [2, 4])
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
