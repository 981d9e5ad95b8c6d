import type { MapStoreKeys, Store, StoreValue } from './map.js'

type KeyedStore = Store & { setKey: (...args: any[]) => any }

interface SetEvent<Shared, SomeStore extends Store, Changed> {
  abort(): void
  changed: Changed
  newValue: StoreValue<SomeStore>
  shared: Shared
}

interface NotifyEvent<Shared, SomeStore extends Store, Changed> {
  abort(): void
  changed: Changed
  oldValue: StoreValue<SomeStore> | undefined
  shared: Shared
}

/**
 * Calls a function before each write to a store, which it can forbid. The listeners of an event are
 * called in reverse order: the newest is the first.
 *
 * ```js
 * import { onSet } from 'lagoon'
 *
 * const unbind = onSet(quantity, ({ newValue, abort }) => {
 *   if (newValue < 0) abort()
 * })
 * ```
 *
 * A wrong argument is a `TypeError`; what the listener throws, the write throws, and nothing is written.
 *
 * @param $store The store.
 * @param listener Gets one object: `newValue`, the whole value to be written; `changed`, the key if
 *   it is `setKey` that writes; `abort`, which forbids the write; and `shared`, an object for
 *   whatever the listeners have to tell one another about this write.
 * @returns Takes the listener off; a second call does nothing.
 */
export function onSet<Shared = never, SomeStore extends Store = Store>(
  $store: SomeStore,
  listener: (
    payload: SomeStore extends KeyedStore
      ? | SetEvent<Shared, SomeStore, MapStoreKeys<SomeStore>>
        | SetEvent<Shared, SomeStore, undefined>
      : SetEvent<Shared, SomeStore, undefined>
  ) => void
): () => void

/**
 * Calls a function after each write to a store and before its listeners, which it can leave out: the
 * value is then written, and nobody is told. The newest listener of the event is called first.
 *
 * ```js
 * import { onNotify } from 'lagoon'
 *
 * const unbind = onNotify(position, ({ oldValue, abort }) => {
 *   if (Math.abs(position.value - oldValue) < 5) abort()
 * })
 * ```
 *
 * A wrong argument is a `TypeError`; what the listener throws, the write throws, and nobody is told.
 *
 * @param $store The store.
 * @param listener Gets one object: `oldValue`, the value before; `changed`, the key if it was
 *   `setKey` that wrote; `abort`, which leaves the listeners out; and `shared`, an object for
 *   whatever the listeners have to tell one another about this write.
 * @returns Takes the listener off; a second call does nothing.
 */
export function onNotify<Shared = never, SomeStore extends Store = Store>(
  $store: SomeStore,
  listener: (
    payload: SomeStore extends KeyedStore
      ? | NotifyEvent<Shared, SomeStore, MapStoreKeys<SomeStore>>
        | NotifyEvent<Shared, SomeStore, undefined>
      : NotifyEvent<Shared, SomeStore, undefined>
  ) => void
): () => void

/**
 * Calls a function when a store without listeners gets one, before that. For resources take `onMount`,
 * which does not end and begin anew when a page is drawn again.
 *
 * ```js
 * import { onStart } from 'lagoon'
 *
 * const unbind = onStart(prices, () => console.log('somebody listens'))
 * ```
 *
 * A wrong argument is a `TypeError`; what the listener throws, `listen` throws, and nobody listens.
 *
 * @param $store The store.
 * @param listener Gets one object: `shared`, an object for whatever the listeners of this event have
 *   to tell one another. The newest listener is called first.
 * @returns Takes the listener off; a second call does nothing.
 */
export function onStart<Shared = never>(
  $store: Store,
  listener: (payload: { shared: Shared }) => void
): () => void

/**
 * Calls a function when the last listener of a store left, at once. For resources take `onMount`.
 *
 * ```js
 * import { onStop } from 'lagoon'
 *
 * const unbind = onStop(prices, () => console.log('nobody listens any more'))
 * ```
 *
 * A wrong argument is a `TypeError`; what the listener throws is thrown where the last listener was taken off.
 *
 * @param $store The store.
 * @param listener Gets one object: `shared`, an object for whatever the listeners of this event have
 *   to tell one another. The newest listener is called first.
 * @returns Takes the listener off; a second call does nothing.
 */
export function onStop<Shared = never>(
  $store: Store,
  listener: (payload: { shared: Shared }) => void
): () => void

/** How long a store without listeners stays mounted: 1000 milliseconds. */
export const STORE_UNMOUNT_DELAY: number

/**
 * Calls a function when a store is mounted: when it gets its first listener, or is read. What that
 * returns is called when the store is unmounted: `STORE_UNMOUNT_DELAY` after the last listener left,
 * if none came back. Use it to open what the store needs only while somebody looks.
 *
 * ```js
 * import { atom, onMount } from 'lagoon'
 *
 * export const isOnline = atom(true)
 *
 * onMount(isOnline, () => {
 *   const update = () => isOnline.set(navigator.onLine)
 *   update()
 *   addEventListener('online', update)
 *   addEventListener('offline', update)
 *   return () => {
 *     removeEventListener('online', update)
 *     removeEventListener('offline', update)
 *   }
 * })
 * ```
 *
 * A wrong argument is a `TypeError`; what the function throws, `listen` or `get` throws, and nobody listens.
 *
 * @param $store The store. If it is mounted already, the function waits for the next time.
 * @param initialize Gets one object: `shared`, an object for whatever the functions of this event
 *   have to tell one another. The newest one is called first. It may return a function.
 * @returns Takes `initialize` off; a second call does nothing.
 */
export function onMount<Shared = never>(
  $store: Store,
  initialize: (payload: { shared: Shared }) => (() => void) | void
): () => void
