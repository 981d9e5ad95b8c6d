// https://github.com/solidjs/solid. An atom is a signal: its getter, and with it the setter.
import { batch, createMemo, createRenderEffect, createRoot, createSignal, untrack } from 'solid-js'
import { createStore } from 'solid-js/store'

export const without = {
  hooked: 'does not tell when somebody begins or ceases to listen'
}

export const atom = value => createSignal(value)

// What a computed, a listener or `read` gets is an atom or a memo
const getter = source => (typeof source === 'function' ? source : source[0])

export const read = source => untrack(getter(source))

export const writer = ([, set]) => set

export const batchWriter = atoms => {
  let setters = atoms.map(writer)
  return value =>
    batch(() => {
      for (let set of setters) set(value)
    })
}

export const plus = (source, number) => {
  let get = getter(source)
  return createMemo(() => get() + number)
}

export const mean = (left, right) => {
  let [getLeft, getRight] = [getter(left), getter(right)]
  return createMemo(() => (getLeft() + getRight()) >> 1)
}

export const total = sources => {
  let getters = sources.map(getter)
  return createMemo(() => {
    let sum = 0
    for (let get of getters) sum += get()
    return sum
  })
}

export const over = (source, limit) => {
  let get = getter(source)
  return createMemo(() => (get() > limit ? 1 : 0))
}

export const choose = (condition, odd, even) => {
  let [isOdd, getOdd, getEven] = [condition, odd, even].map(getter)
  return createMemo(() => (isOdd() & 1 ? getOdd() : getEven()))
}

// A render effect runs at once; an effect waits until what made it is through
const run = fn =>
  createRoot(dispose => {
    createRenderEffect(fn)
    return dispose
  })

export const hear = (source, tally) => {
  let get = getter(source)
  return run(() => {
    tally.sum = (get() + tally.sum) | 0
  })
}

export const keyed = (keys, value) => createStore(Object.fromEntries(keys.map(key => [key, value])))

export const keyWriter =
  ([, set], key) =>
  value =>
    set(key, value)

export const hearKey = ([state], key, tally) =>
  run(() => {
    tally.sum = (state[key] + tally.sum) | 0
  })
