// https://github.com/reatom/reatom. Names are given, so that none is made up for each atom. Without
// notify(), subscribers and hooks would wait for a microtask.
import { atom as makeAtom, computed, notify, withChangeHook, withConnectHook } from '@reatom/core'

export const atom = value => makeAtom(value, 'atom')

export const read = source => source()

export const writer = source => value => {
  source.set(value)
  notify()
}

export const batchWriter = atoms => value => {
  for (let source of atoms) source.set(value)
  notify()
}

export const plus = (source, number) => computed(() => source() + number, 'plus')

export const mean = (left, right) => computed(() => (left() + right()) >> 1, 'mean')

export const total = sources =>
  computed(() => {
    let sum = 0
    for (let source of sources) sum += source()
    return sum
  }, 'total')

export const over = (source, limit) => computed(() => (source() > limit ? 1 : 0), 'over')

export const choose = (condition, odd, even) =>
  computed(() => (condition() & 1 ? odd() : even()), 'choose')

export const hear = (source, tally) => {
  let stop = source.subscribe(value => {
    tally.sum = (value + tally.sum) | 0
  })
  return () => {
    stop()
    notify()
  }
}

// As its guide has it for large objects: an atom for each key
export const keyed = (keys, value) => Object.fromEntries(keys.map(key => [key, atom(value)]))

export const keyWriter = (atoms, key) => writer(atoms[key])

export const hearKey = (atoms, key, tally) => hear(atoms[key], tally)

export const hooked = (value, tally) => {
  let source = atom(value).extend(
    withConnectHook(() => {
      tally.sum++
      return () => {
        tally.sum++
      }
    }),
    withChangeHook(() => {
      tally.sum++
    })
  )
  return { store: source, write: writer(source) }
}
