import type { Accessor } from 'solid-js'
import type { reconcile } from 'solid-js/store'
import type { Store, StoreValue } from './index.js'

/** The options of Solid's `reconcile`: by which `key` rows are the same, and whether to `merge`. */
export type UseStoreOptions = NonNullable<Parameters<typeof reconcile>[1]>

/**
 * Makes a store an accessor of Solid's. What reads `value().a.b` runs again only when that very part
 * has changed, and a `<For>` keeps the rows that have the same `id`.
 *
 * The accessor gives a copy of the plain objects and arrays in the store, for Solid to keep up to
 * date; all else is the store's own. It listens until the owner (component, root) it was made in is
 * disposed; without an owner, for ever. On a server it does not listen.
 *
 * Throws a `TypeError` if the first argument is no store; on a server, when the accessor is called.
 *
 * ```jsx
 * import { useStore } from 'lagoon/solid'
 * import { cartItems } from '../cart.js'
 *
 * export function CartSize() {
 *   const items = useStore(cartItems)
 *   return <p>Items: {Object.keys(items()).length}</p>
 * }
 * ```
 *
 * @param store Any store.
 * @param options How Solid tells rows apart. By default, `{ key: 'id' }`.
 * @returns A function that returns the current value, and is tracked.
 */
export function useStore<SomeStore extends Store, Value extends StoreValue<SomeStore>>(
  store: SomeStore,
  options?: UseStoreOptions
): Accessor<Value>
