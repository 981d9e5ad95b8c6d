// A store made of any object with the contract of Svelte's stores: RxJS's observables, Svelte's own.
import { atom } from './atom.js'
import { onMount } from './lifecycle.js'

// As Svelte compares: an object may have been changed in place, so it never counts as unchanged.
export const isUnchanged = (oldValue, newValue) =>
  typeof newValue === 'function' || (typeof newValue === 'object' && newValue)
    ? false
    : oldValue === newValue || (oldValue !== oldValue && newValue !== newValue)

// What subscribe() returns is a function, or an object with one, as in RxJS.
export const subscribeTo = (source, ...callbacks) => {
  let end = source.subscribe(...callbacks)
  return typeof end === 'function' ? end : () => end.unsubscribe()
}

/* @__NO_SIDE_EFFECTS__ */
export const fromStore = source => {
  if (typeof source?.subscribe !== 'function') {
    throw new TypeError(`Lagoon: fromStore() needs an object with subscribe(), and got ${source}`)
  }
  let $store = atom()
  let { set } = $store
  $store.eq = isUnchanged
  onMount($store, () => {
    try {
      return subscribeTo(source, set)
    } catch (error) {
      // So that the next listener tries again
      $store.active = false
      throw error
    }
  })
  if (source.set) $store.set = value => source.set(value)
  else delete $store.set
  return $store
}
