// Svelte: a store as an object with a reactive `current`. The `$store` syntax needs no binding.

import { createSubscriber } from 'svelte/reactivity'

export function useStore(store) {
  const listenWhileRead = createSubscriber(update => store.listen(update))
  return {
    get current() {
      listenWhileRead()
      return store.get()
    },
    set current(value) {
      store.set(value)
    }
  }
}
