// This library, with computeds that list their sources.
import { atom, batch, computed, listenKeys, map, onMount, onSet } from '../../js/index.js'

export { atom }

export const read = $store => $store.get()

export const writer = $atom => value => $atom.set(value)

export const batchWriter = atoms => value =>
  batch(() => {
    for (let $atom of atoms) $atom.set(value)
  })

export const plus = ($source, number) => computed($source, value => value + number)

export const mean = ($left, $right) =>
  computed([$left, $right], (left, right) => (left + right) >> 1)

export const total = stores =>
  computed(stores, (...values) => {
    let sum = 0
    for (let value of values) sum += value
    return sum
  })

export const over = ($source, limit) => computed($source, value => (value > limit ? 1 : 0))

// All three are sources; which of them counts is the function's business
export const choose = ($condition, $odd, $even) =>
  computed([$condition, $odd, $even], (condition, odd, even) => (condition & 1 ? odd : even))

export const hear = ($store, tally) =>
  $store.listen(value => {
    tally.sum = (value + tally.sum) | 0
  })

export const keyed = (keys, value) => map(Object.fromEntries(keys.map(key => [key, value])))

export const keyWriter = ($map, key) => value => $map.setKey(key, value)

export const hearKey = ($map, key, tally) =>
  listenKeys($map, [key], value => {
    tally.sum = (value[key] + tally.sum) | 0
  })

export const hooked = (value, tally) => {
  let $atom = atom(value)
  onMount($atom, () => {
    tally.sum++
    return () => {
      tally.sum++
    }
  })
  onSet($atom, () => {
    tally.sum++
  })
  return { store: $atom, write: newValue => $atom.set(newValue) }
}
