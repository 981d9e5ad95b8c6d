// This library, with computeds that track what they read. All else is as in nanostores.js.
import { computed } from 'nanostores'

export * from './nanostores.js'

export const plus = ($source, number) => computed(() => $source.get() + number)

// What has run once is not run by a recursion from below
export const runFirst = $store => $store.get()

export const mean = ($left, $right) => computed(() => ($left.get() + $right.get()) >> 1)

export const total = stores =>
  computed(() => {
    let sum = 0
    for (let $store of stores) sum += $store.get()
    return sum
  })

export const over = ($source, limit) => computed(() => ($source.get() > limit ? 1 : 0))

export const choose = ($condition, $odd, $even) =>
  computed(() => ($condition.get() & 1 ? $odd : $even).get())
