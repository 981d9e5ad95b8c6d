// https://svelte.dev/docs/svelte/svelte-store
import { derived, get, writable } from 'svelte/store'

export const without = {
  batchWriter: 'has no batch: each write tells its subscribers at once',
  'Nano Stores’ benchmark: hooks':
    'begins and stops a store for each read without a subscriber, which are more calls of the hooks',
  'triangle of 10': 'tells the subscriber ten sums at each update, of which nine are half updated'
}

export const atom = value => writable(value)

export const read = source => get(source)

export const writer = source => value => source.set(value)

export const plus = (source, number) => derived(source, value => value + number)

export const mean = (left, right) =>
  derived([left, right], ([leftValue, rightValue]) => (leftValue + rightValue) >> 1)

export const total = sources =>
  derived(sources, values => {
    let sum = 0
    for (let value of values) sum += value
    return sum
  })

export const over = (source, limit) => derived(source, value => (value > limit ? 1 : 0))

// All three are sources; which of them counts is the function's business
export const choose = (condition, odd, even) =>
  derived([condition, odd, even], ([isOdd, oddValue, evenValue]) =>
    isOdd & 1 ? oddValue : evenValue
  )

export const hear = (source, tally) =>
  source.subscribe(value => {
    tally.sum = (value + tally.sum) | 0
  })

// What the compiler makes of `$state[key] = value`: the object stays the same, and is set once more
export const keyed = (keys, value) => writable(Object.fromEntries(keys.map(key => [key, value])))

export const keyWriter = (source, key) => value =>
  source.update(object => {
    object[key] = value
    return object
  })

export const hearKey = (source, key, tally) =>
  hear(
    derived(source, object => object[key]),
    tally
  )

export const hooked = (value, tally) => {
  let source = writable(value, () => {
    tally.sum++
    return () => {
      tally.sum++
    }
  })
  return {
    store: source,
    write(newValue) {
      tally.sum++
      source.set(newValue)
    }
  }
}
