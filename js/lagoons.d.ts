/**
 * Gives each lagoon something of its own that is no store: a cache, a client, a storage. In a browser, and
 * on a server outside of lagoons, that is one for all.
 *
 * ```js
 * import { perLagoon } from 'lagoon'
 *
 * const cache = perLagoon(() => new Map())
 *
 * export function remember(key, value) {
 *   cache().set(key, value)
 * }
 * ```
 *
 * Throws what `make` throws: at once for the first one, and later when a lagoon needs its own.
 *
 * @param make Makes it. It is called at once, and once more for each lagoon that asks. What it returns, an
 *   object, is kept for as long as the lagoon.
 * @returns A function that gives what belongs to the current lagoon.
 */
export function perLagoon<Own extends object>(make: () => Own): () => Own
