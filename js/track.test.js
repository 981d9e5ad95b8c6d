import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNode } from '../tests/library.js'
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

// Counts the calls into the engine, in a Node of its own, where the engine is not made yet.
const countCrossings = body =>
  runInNode(
    `const counts = {}
    const { Instance } = WebAssembly
    WebAssembly.Instance = function (...args) {
      const { exports } = new Instance(...args)
      const counted = { memory: exports.memory }
      for (const name in exports) {
        counted[name] ??= (...args) => {
          counts[name] = (counts[name] ?? 0) + 1
          return exports[name](...args)
        }
      }
      return { exports: counted }
    }
    const { atom, computed, effect } = await import(${JSON.stringify(import.meta.resolve('./index.js'))})
    const crossings = fn => {
      for (const name in counts) delete counts[name]
      fn()
      return Object.values(counts).reduce((sum, count) => sum + count, 0)
    }
    ${body}`
  )

test('a run that reads what the last one read does not ask the engine, however much it reads', async () => {
  const output = await countCrossings(`
    const few = Array.from({ length: 2 }, () => atom(0))
    const many = Array.from({ length: 200 }, () => atom(0))
    for (const list of [few, many]) {
      const sum = computed(() => list.reduce((sum, store) => sum + store.get() + store.get(), 0))
      effect(() => void sum.get())
      console.log(crossings(() => list[0].set(1)), crossings(() => sum.get()))
    }`)
  const [few, many] = output.trim().split('\n')
  assert.equal(many, few)
  assert.match(few, /^\d 0$/)
})
