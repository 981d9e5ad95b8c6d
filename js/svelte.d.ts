import type { Store, StoreValue } from './index.js'

/** A store as Svelte reads it. `current` can be written if the store has `set`. */
export type CurrentValue<SomeStore> = SomeStore extends { set: unknown }
  ? { current: StoreValue<SomeStore> }
  : { readonly current: StoreValue<SomeStore> }

/**
 * Makes a store an object with a reactive `current`, in a component or in any module.
 *
 * Reading `current` in a template, a `$derived` or an `$effect` listens to the store for as long as
 * that lives; anywhere else, and on a server, it only reads. Writing `current` calls `set` of the
 * store, so `bind:value={state.current}` works.
 *
 * Throws a `TypeError` at the first reading if the argument is no store, and at a write if the store
 * has no `set`.
 *
 * The `$store` syntax of Svelte needs no binding: a store can be imported under any name that does
 * not begin with `$`, and read and written as `$name`.
 *
 * ```svelte
 * <script>
 *   import { useStore } from 'lagoon/svelte'
 *   import { cartItems, isCartOpen } from '../cart.js'
 *
 *   const isOpen = useStore(isCartOpen)
 *   const items = useStore(cartItems)
 * </script>
 *
 * <button onclick={() => (isOpen.current = !isOpen.current)}>Cart</button>
 * {#if isOpen.current}{Object.keys(items.current).length} items{/if}
 * ```
 *
 * @param store Any store.
 * @returns An object whose `current` is the current value.
 */
export function useStore<SomeStore extends Store>(store: SomeStore): CurrentValue<SomeStore>
