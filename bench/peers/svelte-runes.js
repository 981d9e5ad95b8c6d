// https://svelte.dev/docs/svelte/what-are-runes: what the compiler writes for $state, $derived and
// $effect.pre, and flushSync() after a write, without which effects wait for a microtask.
import {
  derived,
  effect_root,
  flush,
  get,
  proxy,
  set,
  state,
  untrack,
  user_pre_effect
} from 'svelte/internal/client'

export const without = {
  hooked: 'tells only a microtask later that nobody listens any more'
}

export const atom = value => state(value)

export const read = source => untrack(() => get(source))

export const writer = source => value => {
  set(source, value)
  flush()
}

export const batchWriter = atoms => value => {
  for (let source of atoms) set(source, value)
  flush()
}

export const plus = (source, number) => derived(() => get(source) + number)

export const mean = (left, right) => derived(() => (get(left) + get(right)) >> 1)

export const total = sources =>
  derived(() => {
    let sum = 0
    for (let source of sources) sum += get(source)
    return sum
  })

export const over = (source, limit) => derived(() => (get(source) > limit ? 1 : 0))

export const choose = (condition, odd, even) => derived(() => get(get(condition) & 1 ? odd : even))

const run = fn => effect_root(() => user_pre_effect(fn))

export const hear = (source, tally) =>
  run(() => {
    tally.sum = (get(source) + tally.sum) | 0
  })

export const keyed = (keys, value) => proxy(Object.fromEntries(keys.map(key => [key, value])))

export const keyWriter = (object, key) => value => {
  object[key] = value
  flush()
}

export const hearKey = (object, key, tally) =>
  run(() => {
    tally.sum = (object[key] + tally.sum) | 0
  })
