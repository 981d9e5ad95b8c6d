import type { Accessor } from 'solid-js'
import type { reconcile } from 'solid-js/store'
import type { ReadableAtom, Store, StoreValue, WritableAtom } from './index.js'

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

/** Writes a store as a setter of Solid's does: a function gets the value and returns the next one. */
export type StoreSetter<Value> = (next: Value | ((value: Value) => Value)) => Value

/** A store as a signal: how to read it, how to write it, and how to end that. */
export type StoreSignal<SomeStore> = [
  value: Accessor<StoreValue<SomeStore>>,
  setValue: SomeStore extends { set: unknown } ? StoreSetter<StoreValue<SomeStore>> : never,
  stop: () => void
]

/**
 * Makes a store a signal of Solid's, for code that knows only signals. The signal changes when the store
 * does, and a write of the signal is one of the store. The value is the store's own, not a copy as that
 * of `useStore`, and is tracked as a whole.
 *
 * It listens until the owner (component, root) it was made in is disposed; without an owner, until it
 * is stopped. On a server it does not listen.
 *
 * ```js
 * import { toSignal } from 'lagoon/solid'
 * import { quantity } from '../cart.js'
 *
 * const [value, setValue] = toSignal(quantity)
 * setValue(last => last + 1)
 * ```
 *
 * Throws a `TypeError` if the argument is no store; the setter does if the store has no `set`.
 *
 * @param store Any store.
 * @returns The accessor, the setter, and a function that ends the listening.
 */
export function toSignal<SomeStore extends Store>(store: SomeStore): StoreSignal<SomeStore>

/**
 * Makes a signal of Solid's a store. While it is mounted, it changes when the signal does; a read of it
 * gives what the signal has. A write of the store is one of the signal, and its value is what the signal
 * makes of it. What came from one side is not sent back.
 *
 * In a component (or root), that ends when it is disposed: the store is then only read. On a server it
 * is only read, too.
 *
 * ```js
 * import { computed } from 'lagoon'
 * import { fromSignal } from 'lagoon/solid'
 * import { createSignal } from 'solid-js'
 *
 * const signal = createSignal(1)
 * export const count = fromSignal(signal)
 * export const double = computed(count, value => value * 2)
 * ```
 *
 * An object that was changed in place is no change, as everywhere in Lagoon. What the signal's function
 * throws, `get` and `listen` throw.
 *
 * @param signal A signal, as `createSignal` returns it; or only an accessor, a memo, any function that
 *   reads signals.
 * @returns The store. It can be written if there is a setter.
 */
export function fromSignal<Value>(
  signal: readonly [Accessor<Value>, (value: Value) => unknown]
): WritableAtom<Value>
export function fromSignal<Value>(signal: Accessor<Value>): ReadableAtom<Value>
