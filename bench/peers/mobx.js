// https://mobx.js.org
import {
  autorun,
  computed,
  intercept,
  observable,
  onBecomeObserved,
  onBecomeUnobserved,
  runInAction
} from 'mobx'

const SHALLOW = { deep: false }

export const atom = value => observable.box(value, SHALLOW)

export const read = source => source.get()

export const writer = source => value => source.set(value)

export const batchWriter = atoms => value =>
  runInAction(() => {
    for (let source of atoms) source.set(value)
  })

export const plus = (source, number) => computed(() => source.get() + number)

export const mean = (left, right) => computed(() => (left.get() + right.get()) >> 1)

export const total = sources =>
  computed(() => {
    let sum = 0
    for (let source of sources) sum += source.get()
    return sum
  })

export const over = (source, limit) => computed(() => (source.get() > limit ? 1 : 0))

export const choose = (condition, odd, even) =>
  computed(() => (condition.get() & 1 ? odd : even).get())

export const hear = (source, tally) =>
  autorun(() => {
    tally.sum = (source.get() + tally.sum) | 0
  })

export const keyed = (keys, value) =>
  observable.map(
    keys.map(key => [key, value]),
    SHALLOW
  )

export const keyWriter = (map, key) => value => map.set(key, value)

export const hearKey = (map, key, tally) =>
  autorun(() => {
    tally.sum = (map.get(key) + tally.sum) | 0
  })

export const hooked = (value, tally) => {
  let source = atom(value)
  let count = () => {
    tally.sum++
  }
  onBecomeObserved(source, count)
  onBecomeUnobserved(source, count)
  intercept(source, change => {
    tally.sum++
    return change
  })
  return { store: source, write: newValue => source.set(newValue) }
}
