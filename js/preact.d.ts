import type { MapStoreKeys, Store, StoreValue } from './index.js'

export interface UseStoreOptions<SomeStore> {
  /**
   * Draw the component again only when one of these keys of a map changes. Without a list every
   * change counts, with an empty one none does. A list written in place is no new list: its content
   * counts.
   */
  keys?: SomeStore extends { setKey: unknown }
    ? readonly MapStoreKeys<SomeStore>[] | MapStoreKeys<SomeStore>
    : never

  /**
   * What a server draws, and what the browser draws first to take the server's markup over. Right
   * after that, the browser draws the current value, if it differs.
   *
   * - `false`, the default: the current value, also on a server.
   * - `'initial'`: the value that the store was made with; for a computed store that is `undefined`.
   * - a function: the value that it returns.
   */
  ssr?: 'initial' | (() => StoreValue<SomeStore>) | false
}

/**
 * Reads a store in a component, and draws the component again whenever the store changes, once for
 * all changes of one tick.
 *
 * The component listens from its first effect until it goes. A change before that effect is drawn
 * by it.
 *
 * Throws a `TypeError` if the first argument is no store. Like every hook of Preact's, it only works
 * while a component is being drawn.
 *
 * ```jsx
 * import { useStore } from 'lagoon/preact'
 * import { isCartOpen } from '../cart.js'
 *
 * export function CartToggle() {
 *   const isOpen = useStore(isCartOpen)
 *   return <button onClick={() => isCartOpen.set(!isOpen)}>Cart</button>
 * }
 * ```
 *
 * @param store Any store. It may be another one at the next drawing.
 * @param options Which changes count, and what a server draws.
 * @returns The current value of the store.
 */
export function useStore<SomeStore extends Store>(
  store: SomeStore,
  options?: UseStoreOptions<SomeStore>
): StoreValue<SomeStore>
