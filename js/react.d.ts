import type { DependencyList } from 'react'
import type { MapStoreKeys, Store, StoreValue } from './index.js'

export interface UseStoreOptions<SomeStore> {
  /**
   * Draw the component again only when one of these keys of a map changes. Without a list, or with
   * an empty one, every change counts. A list written in place is no new list: its content counts.
   */
  keys?: SomeStore extends { setKey: unknown }
    ? readonly MapStoreKeys<SomeStore>[] | MapStoreKeys<SomeStore>
    : never

  /**
   * Listen anew when one of these changes, instead of when the store or the keys do. As with React's
   * own hooks, its length must stay the same.
   */
  deps?: DependencyList

  /**
   * What a server draws, and what the browser draws first to take the server's markup over. Right
   * after that, the browser draws the current value.
   *
   * - `false`, the default: the current value, also on a server. In an island of Astro the browser draws
   *   the value that the island's HTML was made with.
   * - `'initial'`: the value that the store was made with; for a computed store that is `undefined`.
   * - a function: the value that it returns, which must be the same one at each call.
   */
  ssr?: 'initial' | (() => StoreValue<SomeStore>) | false
}

/**
 * Reads a store in a component, and draws the component again whenever the store changes.
 *
 * The component listens from its first effect until it goes. All components that are drawn together
 * show the same value of a store, also in a transition.
 *
 * Throws a `TypeError` if the first argument is no store. Like every hook of React's, it only works
 * while a component is being drawn.
 *
 * ```jsx
 * import { useStore } from 'lagoon/react'
 * import { isCartOpen } from '../cart.js'
 *
 * export function CartFlyout() {
 *   const isOpen = useStore(isCartOpen)
 *   return isOpen ? <aside>Your cart is empty.</aside> : null
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

/** A value that says itself whether it is still being loaded, and what went wrong. */
export interface LoadingValue {
  isLoading: boolean
  error?: unknown
}

/** The three states of a store of `@nanostores/async`. */
type AsyncValue<Value> =
  | { state: 'loading' }
  | { state: 'ready'; value: Value; changing: boolean }
  | { state: 'failed'; error: unknown; changing: boolean }

/**
 * Reads a store that loads its value, and suspends the component until that is there: React draws
 * the nearest `<Suspense>` meanwhile.
 *
 * Throws the store's error when loading failed, for the nearest error boundary.
 *
 * ```jsx
 * import { useLoadingStore } from 'lagoon/react'
 * import { stock } from '../stock.js'
 *
 * export function Stock() {
 *   const { count } = useLoadingStore(stock)
 *   return <p>{count} left</p>
 * }
 * ```
 *
 * @param store A store whose value has `isLoading`, or one of `@nanostores/async`.
 * @returns The loaded value; of a store of `@nanostores/async`, what it loaded.
 */
export function useLoadingStore<Value extends LoadingValue | AsyncValue<any>>(
  store: Store<Value>
): [Value] extends [AsyncValue<infer Data>]
  ? Data
  : Exclude<Value, { isLoading: true } | { error: NonNullable<unknown> }>
