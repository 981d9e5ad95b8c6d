// https://jotai.org/docs/core/store
import { atom as makeAtom, createStore } from 'jotai/vanilla'

const store = createStore()

export const atom = value => makeAtom(value)

export const read = source => store.get(source)

export const writer = source => value => store.set(source, value)

// What a write-only atom sets is one change
export const batchWriter = atoms => {
  let all = makeAtom(null, (_get, set, value) => {
    for (let source of atoms) set(source, value)
  })
  return value => store.set(all, value)
}

export const plus = (source, number) => makeAtom(get => get(source) + number)

export const mean = (left, right) => makeAtom(get => (get(left) + get(right)) >> 1)

export const total = sources =>
  makeAtom(get => {
    let sum = 0
    for (let source of sources) sum += get(source)
    return sum
  })

export const over = (source, limit) => makeAtom(get => (get(source) > limit ? 1 : 0))

export const choose = (condition, odd, even) =>
  makeAtom(get => get(get(condition) & 1 ? odd : even))

export const hear = (source, tally) =>
  store.sub(source, () => {
    tally.sum = (store.get(source) + tally.sum) | 0
  })

// As its guide has it for large objects: an atom for each key
export const keyed = (keys, value) => Object.fromEntries(keys.map(key => [key, makeAtom(value)]))

export const keyWriter = (atoms, key) => writer(atoms[key])

export const hearKey = (atoms, key, tally) => hear(atoms[key], tally)

export const hooked = (value, tally) => {
  let inner = makeAtom(value)
  inner.onMount = () => {
    tally.sum++
    return () => {
      tally.sum++
    }
  }
  let source = makeAtom(
    get => get(inner),
    (_get, set, newValue) => {
      tally.sum++
      set(inner, newValue)
    }
  )
  return { store: source, write: newValue => store.set(source, newValue) }
}
