// https://github.com/preactjs/signals
import { batch, computed, effect, signal } from '@preact/signals-core'

export const atom = value => signal(value)

export const read = source => source.peek()

export const writer = source => value => {
  source.value = value
}

export const batchWriter = atoms => value =>
  batch(() => {
    for (let source of atoms) source.value = value
  })

export const plus = (source, number) => computed(() => source.value + number)

export const mean = (left, right) => computed(() => (left.value + right.value) >> 1)

export const total = sources =>
  computed(() => {
    let sum = 0
    for (let source of sources) sum += source.value
    return sum
  })

export const over = (source, limit) => computed(() => (source.value > limit ? 1 : 0))

export const choose = (condition, odd, even) =>
  computed(() => (condition.value & 1 ? odd.value : even.value))

export const hear = (source, tally) =>
  effect(() => {
    tally.sum = (source.value + tally.sum) | 0
  })

// As its guide has it: an object whose properties are signals
export const keyed = (keys, value) => Object.fromEntries(keys.map(key => [key, signal(value)]))

export const keyWriter = (signals, key) => writer(signals[key])

export const hearKey = (signals, key, tally) => hear(signals[key], tally)

// It tells who begins and ceases to listen; a write is told of by a function around it
export const hooked = (value, tally) => {
  let count = () => {
    tally.sum++
  }
  let source = signal(value, { watched: count, unwatched: count })
  return {
    store: source,
    write(newValue) {
      tally.sum++
      source.value = newValue
    }
  }
}
