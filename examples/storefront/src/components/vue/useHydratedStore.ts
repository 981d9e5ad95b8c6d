import type { Store, StoreValue } from 'lagoon'
import { useStore } from 'lagoon/vue'
import { computed, onMounted, ref } from 'vue'

/** useStore for an island: draws what the server drew until it is hydrated, then the store. */
export function useHydratedStore<SomeStore extends Store>(
  store: SomeStore,
  initial: StoreValue<SomeStore>
) {
  const value = useStore(store)
  const isHydrated = ref(false)
  onMounted(() => {
    isHydrated.value = true
  })
  return computed(() => (isHydrated.value ? value.value : initial))
}
