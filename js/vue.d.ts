import type { DeepReadonly, Ref, ShallowRef, UnwrapNestedRefs } from 'vue'
import type { AnyStore, Store, StoreValue } from './index.js'

/**
 * Makes a store a ref.
 *
 * The ref follows the store until the effect scope (component, `effectScope()`) it was made in ends;
 * without a scope, for ever. Where there is no `window` it only takes the current value. The ref is
 * shallow; in development it is also read-only, all the way down: write to the store instead.
 *
 * Throws a `TypeError` if the argument is no store.
 *
 * ```vue
 * <script setup>
 * import { useStore } from 'lagoon/vue'
 * import { cartItems } from '../cart.js'
 *
 * const items = useStore(cartItems)
 * </script>
 *
 * <template>
 *   <p v-for="item in items" :key="item.id">{{ item.name }}</p>
 * </template>
 * ```
 *
 * @param store Any store.
 * @returns A ref with the current value.
 */
export function useStore<SomeStore extends Store, Value extends StoreValue<SomeStore>>(
  store: SomeStore
): DeepReadonly<UnwrapNestedRefs<ShallowRef<Value>>>

/**
 * Makes several stores one reactive object, with a property for each. It follows them and ends as
 * `useStore` does, and throws as it does.
 *
 * ```js
 * import { mapStores } from 'lagoon/vue'
 * import { cartItems, isCartOpen } from '../cart.js'
 *
 * const cart = mapStores({ isOpen: isCartOpen, items: cartItems })
 * watch(() => cart.isOpen, isOpen => console.log(isOpen, cart.items))
 * ```
 *
 * @param stores The stores, under the names to give to their values.
 * @returns An object with the current values.
 */
export function mapStores<Stores extends { [name: string]: AnyStore }>(
  stores: Stores
): DeepReadonly<UnwrapNestedRefs<{ [Name in keyof Stores]: ShallowRef<StoreValue<Stores[Name]>> }>>

export interface UseVModelOptions<Prefix extends string> {
  /** What to put at the end of each name. By default, `'Model'`. */
  prefix?: Prefix
}

/**
 * Makes a store, or some keys of a map, writable refs for `v-model`. They follow the store and end
 * as `useStore` does. A write goes to `set` or `setKey` of the store.
 *
 * Throws a `TypeError` if the first argument is no store, and at a write if the store has no such
 * method.
 *
 * ```vue
 * <script setup>
 * import { useVModel } from 'lagoon/vue'
 * import { address } from '../address.js'
 *
 * const { streetModel, cityModel } = useVModel(address, ['street', 'city'])
 * </script>
 *
 * <template>
 *   <input v-model="streetModel" />
 *   <input v-model="cityModel" />
 * </template>
 * ```
 *
 * @param store A store that can be written.
 * @param keys A key, a list of keys, or nothing for the whole value.
 * @param options The end of the names, when `keys` is a list.
 * @returns A writable ref; for a list, an object of them, each named by its key and the prefix.
 */
export function useVModel<SomeStore extends Store>(store: SomeStore): Ref<StoreValue<SomeStore>>
export function useVModel<SomeStore extends Store, Key extends keyof StoreValue<SomeStore>>(
  store: SomeStore,
  key: Key
): Ref<StoreValue<SomeStore>[Key]>
export function useVModel<
  SomeStore extends Store,
  Key extends keyof StoreValue<SomeStore> & string,
  Prefix extends string = 'Model'
>(
  store: SomeStore,
  keys: readonly Key[],
  options?: UseVModelOptions<Prefix>
): { [Name in Key as `${Name}${Prefix}`]: Ref<StoreValue<SomeStore>[Name]> }

/**
 * Tells the Vue devtools that the current component uses a store. `useStore` does it in development,
 * so only a binding of your own needs to. Outside a component it does nothing.
 *
 * ```js
 * import { registerStore } from 'lagoon/vue'
 *
 * export function useFirst(store) {
 *   const first = shallowRef()
 *   onScopeDispose(store.subscribe(list => (first.value = list[0])))
 *   registerStore(store)
 *   return first
 * }
 * ```
 *
 * @param store Any store.
 */
export function registerStore(store: AnyStore): void
