import type { Store } from './map.js'
import type { MapCreator } from './map-creator.js'

/**
 * Where a store keeps what `cleanStores` does to it, for a store of your own kind. In production
 * (`NODE_ENV`) no store has it.
 *
 * ```js
 * import { atom, clean } from 'lagoon'
 *
 * const log = atom([])
 * const cleanAtom = log[clean]
 * log[clean] = () => {
 *   log.value = []
 *   cleanAtom()
 * }
 * ```
 */
export const clean: unique symbol

/**
 * Takes all listeners off stores and unmounts them at once, between two tests. A computed forgets its
 * value, an atom and a map keep theirs; a `mapCreator` forgets its maps. Tasks are forgotten, too, as
 * `cleanTasks` does.
 *
 * ```js
 * import { cleanStores } from 'lagoon'
 * import { afterEach } from 'node:test'
 *
 * afterEach(() => cleanStores(isCartOpen, cartItems))
 * ```
 *
 * Throws an `Error` in production (`NODE_ENV`), and what an `onStop` listener or the end of an
 * `onMount` throws; the stores after that one are then left as they are.
 *
 * @param stores Any number of stores and of functions made by `mapCreator`. `undefined` is skipped.
 */
export function cleanStores(...stores: (MapCreator<any, any[]> | Store | undefined)[]): void
