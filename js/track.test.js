import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atom, computed, effect, untracked } from './index.js'

test('what is read in untracked() is not depended on', () => {
  const a = atom(1)
  const b = atom(1)
  const seen = []
  const stop = effect(() => void seen.push(a.get() + untracked(() => b.get())))
  assert.equal(b.lc, 0)
  b.set(2)
  a.set(2)
  assert.deepEqual(seen, [2, 4])
  stop()
})

test('untracked() returns what its function returns, and throws what it throws', () => {
  assert.equal(
    untracked(() => 1),
    1
  )
  const failing = () => {
    throw new Error('untracked')
  }
  assert.throws(() => untracked(failing), /untracked/)
  const a = atom(1)
  const seen = []
  effect(() => {
    assert.throws(() => untracked(failing), /untracked/)
    seen.push(a.get())
  })
  a.set(2)
  assert.deepEqual(seen, [1, 2])
})

test('what is read untracked is current', () => {
  const a = atom(1)
  const b = atom(1)
  const listed = computed(b, value => value * 2)
  const tracked = computed(() => b.get() * 3)
  const seen = []
  effect(() => void seen.push([a.get(), untracked(() => [listed.get(), tracked.get()])]))
  b.set(2)
  a.set(2)
  assert.deepEqual(seen, [
    [1, [2, 3]],
    [2, [4, 6]]
  ])
})

test('a computed that is read untracked tracks on', () => {
  const a = atom(1)
  const double = computed(() => a.get() * 2)
  const once = computed(() => untracked(() => double.get()))
  once.listen(() => {})
  a.set(2)
  assert.equal(double.get(), 4)
  assert.equal(once.get(), 2)
})
