import type { MapStoreKeys, StoreValue } from './map.js'

/**
 * Calls a function after each change of some keys of a map, or of some paths of a deep map.
 *
 * ```js
 * import { listenKeys } from 'lagoon'
 *
 * const unbind = listenKeys(settings, ['theme'], ({ theme }) => {
 *   document.documentElement.dataset.theme = theme
 * })
 * ```
 *
 * Throws as `listen` of the store does, and a `TypeError` if the keys are no list. One key alone is
 * taken for a list of one, though its type does not allow it.
 *
 * @param $store A map or a deep map.
 * @param keys The keys. After `set`, or a batch, each is compared with its old value.
 * @param listener Gets the whole value, the one before it, and the key that was written, if it was
 *   one.
 * @returns Takes the listener off; a second call does nothing.
 */
export function listenKeys<SomeStore extends { setKey: (key: any, value: any) => void }>(
  $store: SomeStore,
  keys: readonly MapStoreKeys<SomeStore>[],
  listener: (
    value: StoreValue<SomeStore>,
    oldValue: StoreValue<SomeStore> | undefined,
    changed: MapStoreKeys<SomeStore> | undefined
  ) => void
): () => void

/**
 * Calls a function at once, and after each change of some keys of a map, as `listenKeys` does.
 *
 * ```js
 * import { subscribeKeys } from 'lagoon'
 *
 * const unbind = subscribeKeys(settings, ['theme'], ({ theme }) => {
 *   document.documentElement.dataset.theme = theme
 * })
 * ```
 *
 * Throws as `subscribe` of the store does.
 *
 * @param $store A map or a deep map.
 * @param keys The keys. After `set`, or a batch, each is compared with its old value.
 * @param listener Gets what `listenKeys` gives it; at the first call only the value.
 * @returns Takes the listener off; a second call does nothing.
 */
export function subscribeKeys<SomeStore extends { setKey: (key: any, value: any) => void }>(
  $store: SomeStore,
  keys: readonly MapStoreKeys<SomeStore>[],
  listener: (
    value: StoreValue<SomeStore>,
    oldValue: StoreValue<SomeStore> | undefined,
    changed: MapStoreKeys<SomeStore> | undefined
  ) => void
): () => void
