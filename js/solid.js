// Solid: a store as an accessor. An effect runs again only when what it read has changed.

import { onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { isServer } from 'solid-js/web'

// reconcile() writes into the objects it is given. Those of a store belong to everybody.
function copy(value) {
  if (Array.isArray(value)) return value.map(copy)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
}

// What createStore() makes reactive besides arrays.
function isPlain(value) {
  if (typeof value !== 'object' || !value) return false
  const prototype = Object.getPrototypeOf(value)
  return !prototype || prototype === Object.prototype
}

export function useStore(store, options) {
  // On a server nothing would end the listening.
  if (isServer) return () => store.get()

  const [state, setState] = createStore({})
  onCleanup(store.subscribe(value => setState(reconcile(copy({ value }), options))))
  return () => state.value
}
