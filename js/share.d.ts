import type { ReadableAtom } from './atom.js'

/** See {@link share}. */
export interface ShareOptions<Value = any> {
  /**
   * Whether the store can hold what came from a server, which may run another version of the site. Without
   * it a value must be of the kind that the store began with: an array, a plain object, a `Map`, a string, ...
   *
   * @param value What came.
   */
  accepts?: (value: Value) => boolean
}

/**
 * Gives a store a shared name, under which its value goes from the server into the page and from there
 * into the same store in the browser: see `lagoon/astro` and `createLagoon` of `lagoon/server`. To be called
 * where the store is made, in a module that server and browser load.
 *
 * ```js
 * import { computed, map, share } from 'lagoon'
 *
 * export const cart = share('cart', map({ count: 0 }))
 * // A computed is never sent, it follows. With a name it can be given to a component, or to <Live>
 * export const label = share('label', computed(cart, ({ count }) => `${count} items`))
 * ```
 *
 * A value that is in the page already is in the store when `share` returns. Under way is what devalue can
 * write: plain objects and arrays without cycles, strings, numbers, `Date`, `Map`, `Set`, `URL`, `BigInt`, typed arrays.
 *
 * In development a module may be loaded again: its store takes the place of the one before, and its value.
 * Any other second store by the same name is an error that says where both were shared; the first stays.
 *
 * Throws a `TypeError` if the name is no text or empty, or the store no store; an `Error` if the name is
 * taken, or the store has another name.
 *
 * @param name The shared name, one for all pages of a site.
 * @param store Any store. It is sent if it can be written.
 * @returns The store. If it has no property `name` yet, that is now the shared name, for messages.
 */
export function share<Store extends ReadableAtom>(
  name: string,
  store: Store,
  options?: ShareOptions<Store extends ReadableAtom<infer Value> ? Value : never>
): Store
