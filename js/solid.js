// Solid: a store as an accessor, whose effects run again only when what they read has changed; a store
// as a signal, and a signal as a store.

import {
  createRenderEffect,
  createRoot,
  createSignal,
  getOwner,
  on,
  onCleanup,
  untrack
} from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { isServer } from 'solid-js/web'
import { atom, onMount } from './index.js'

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

const onDispose = callback => {
  if (getOwner()) onCleanup(callback)
}

export function toSignal(store) {
  const write = next => {
    store.set(typeof next === 'function' ? next(store.get()) : next)
    return store.get()
  }
  // On a server nothing would end the listening.
  if (isServer) return [() => store.get(), write, () => {}]

  // Whether it has changed, the store says.
  const [value, setValue] = createSignal(undefined, { equals: false })
  const stop = store.subscribe(value => setValue(() => value))
  onDispose(stop)
  return [value, write, stop]
}

export function fromSignal(signal) {
  const [value, write] = Array.isArray(signal) ? signal : [signal]
  const $store = atom()
  const { get, set } = $store
  // What one side has already is no change there, so nothing comes back.
  const follow = () => set(untrack(value))

  // In a batch of Solid's, its effects wait, and its signals don't.
  $store.get = () => {
    follow()
    return get()
  }
  if (write) {
    $store.set = next => {
      write(typeof next === 'function' ? () => next : next)
      follow()
    }
  } else {
    delete $store.set
  }

  let isDisposed = isServer
  let stop
  onMount($store, () => {
    if (isDisposed) return
    stop = createRoot(dispose => {
      // Listeners of the store may read signals, too
      createRenderEffect(on(value, next => set(next)))
      return dispose
    })
    return () => stop()
  })
  onDispose(() => {
    isDisposed = true
    stop?.()
  })
  return $store
}
