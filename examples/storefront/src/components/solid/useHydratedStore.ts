import type { Store, StoreValue } from 'lagoon'
import { useStore } from 'lagoon/solid'
import { createSignal, onMount } from 'solid-js'

/** useStore for an island: draws what the server drew until it is hydrated, then the store. */
export function useHydratedStore<SomeStore extends Store>(
  store: SomeStore,
  initial: StoreValue<SomeStore>
) {
  const value = useStore(store)
  const [isHydrated, setIsHydrated] = createSignal(false)
  onMount(() => setIsHydrated(true))
  return () => (isHydrated() ? value() : initial)
}
