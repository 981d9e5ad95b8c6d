import type { ReadableAtom, WritableAtom } from './atom.js'

/**
 * An object with the contract of Svelte's stores: `subscribe` calls the function at once and after each
 * change. What it returns ends that, as a function, or with a method `unsubscribe` as in RxJS.
 */
export interface SubscribableStore<Value = any> {
  subscribe(run: (value: Value) => void): (() => void) | { unsubscribe(): void }
}

/**
 * Makes a store of any object with the contract of Svelte's stores: of one made by `svelte/store`, of a
 * subject of RxJS. It subscribes while it is mounted. A read of it when it is not mounts it for
 * `STORE_UNMOUNT_DELAY`, and gives what the other has then.
 *
 * ```js
 * import { computed, fromStore } from 'lagoon'
 * import { writable } from 'svelte/store'
 *
 * const count = writable(1)
 * export const double = computed(fromStore(count), value => value * 2)
 * ```
 *
 * An object counts as changed each time that it comes: it may have been changed in place. An observable
 * that does not call at once leaves the value `undefined` until it does.
 *
 * Throws a `TypeError` if the argument has no `subscribe`. What that throws, `listen` or `get` throws.
 *
 * @param source The object. It stays what it is, and may be used besides.
 * @returns The store. It can be written if the object has `set`: a write calls that, and the value is
 *   what the object then gives.
 */
export function fromStore<Value>(
  source: SubscribableStore<Value> & { set(value: Value): void }
): WritableAtom<Value>
export function fromStore<Value>(source: SubscribableStore<Value>): ReadableAtom<Value>
