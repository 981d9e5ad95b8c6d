// https://github.com/stackblitz/alien-signals
import { computed, effect, endBatch, signal, startBatch } from 'alien-signals'

export const without = {
  hooked: 'does not tell when somebody begins or ceases to listen'
}

export const atom = value => signal(value)

export const read = source => source()

// What has run once is not run by a recursion from below
export const runFirst = read

export const writer = source => value => source(value)

export const batchWriter = atoms => value => {
  startBatch()
  for (let source of atoms) source(value)
  endBatch()
}

export const plus = (source, number) => computed(() => source() + number)

export const mean = (left, right) => computed(() => (left() + right()) >> 1)

export const total = sources =>
  computed(() => {
    let sum = 0
    for (let source of sources) sum += source()
    return sum
  })

export const over = (source, limit) => computed(() => (source() > limit ? 1 : 0))

export const choose = (condition, odd, even) => computed(() => (condition() & 1 ? odd() : even()))

export const hear = (source, tally) =>
  effect(() => {
    tally.sum = (source() + tally.sum) | 0
  })

// It has no store with keys: an object of signals is as near as one gets
export const keyed = (keys, value) => Object.fromEntries(keys.map(key => [key, signal(value)]))

export const keyWriter = (signals, key) => writer(signals[key])

export const hearKey = (signals, key, tally) => hear(signals[key], tally)
