import type { Store } from './map.js'
import type { MapCreator } from './map-creator.js'

/**
 * Gives a store a listener that does nothing and stays, so that the store is never unmounted: for a
 * test (`cleanStores` takes the listener off), or for as long as the page lives.
 *
 * ```js
 * import { keepMount } from 'lagoon'
 *
 * keepMount(prices)
 * ```
 *
 * Throws as `listen` of the store does, and a `TypeError` for a function made by `mapCreator`, which
 * is no store: only the type allows it.
 *
 * @param $store The store.
 */
export function keepMount($store: MapCreator | Store): void
