// https://github.com/vuejs/core/tree/main/packages/reactivity
import { computed, effect, shallowReactive, shallowRef, stop } from '@vue/reactivity'

export const without = {
  batchWriter: 'gathers writes only in the scheduler of its components, which runs later',
  hooked: 'does not tell when somebody begins or ceases to listen'
}

export const atom = value => shallowRef(value)

export const read = source => source.value

export const writer = source => value => {
  source.value = value
}

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

export const hear = (source, tally) => {
  let runner = effect(() => {
    tally.sum = (source.value + tally.sum) | 0
  })
  return () => stop(runner)
}

export const keyed = (keys, value) =>
  shallowReactive(Object.fromEntries(keys.map(key => [key, value])))

export const keyWriter = (state, key) => value => {
  state[key] = value
}

export const hearKey = (state, key, tally) => {
  let runner = effect(() => {
    tally.sum = (state[key] + tally.sum) | 0
  })
  return () => stop(runner)
}
