import type { WritableAtom } from './atom.js'
import type { AnyStore } from './map.js'
import type {
  AllPaths,
  BaseDeepMap,
  FromPath,
  FromPathWithIndexSignatureUndefined
} from './path.js'

export type { AllPaths, BaseDeepMap, FromPath } from './path.js'
export { getPath, setByKey, setPath } from './path.js'

/** A deep map: a store of one object that can be written path by path. */
export type DeepMapStore<T extends BaseDeepMap> = {
  /**
   * Calls a function after each change of the deep map. It does what `listen` of an atom does;
   * besides, the listener is told the path.
   *
   * ```js
   * const unbind = profile.listen((value, oldValue, path) => {
   *   console.log(`${path ?? 'everything'} was written`)
   * })
   * ```
   *
   * @param listener Gets the value, the one before it, and the path that was written: `undefined`
   *   after `set`, and after a batch.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  listen(
    listener: (value: T, oldValue: T | undefined, changedKey: AllPaths<T> | undefined) => void
  ): () => void

  /**
   * Calls the listeners although nothing was written. A write calls it for you; call it only for a
   * value that was changed in place.
   *
   * ```js
   * profile.value.user.tags.push('new')
   * profile.notify(undefined, 'user.tags')
   * ```
   *
   * Throws what a listener throws.
   *
   * @param oldValue What the listeners get as the value before.
   * @param changedKey What they get as the path.
   */
  notify(oldValue?: T, changedKey?: AllPaths<T>): void

  /**
   * Writes to a path, into a copy as `setPath` makes it, and calls the listeners unless the value is
   * the same (`===`) as the old one.
   *
   * ```js
   * profile.setKey('user.tags[0]', 'guest')
   * profile.setKey('user.tags[0]', undefined) // takes it out
   * ```
   *
   * Throws as `setPath` does, and as `set` of an atom does.
   *
   * @param key The path: keys with dots between them, list indices (0 or more) in brackets.
   * @param value The value. `undefined` removes the key, or takes the item out of its list.
   */
  setKey: <K extends AllPaths<T>>(key: K, value: FromPathWithIndexSignatureUndefined<T, K>) => void

  /**
   * Calls a function at once, and after each change of the deep map, as `listen` does.
   *
   * ```js
   * const unbind = profile.subscribe(({ user }) => {
   *   document.title = user.name
   * })
   * ```
   *
   * Throws as `listen` does, and what the first call throws: the listener then stays.
   *
   * @param listener Gets what `listen` gives it; at the first call only the value.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  subscribe(
    listener: (value: T, oldValue: T | undefined, changedKey: AllPaths<T> | undefined) => void
  ): () => void
} & Omit<WritableAtom<T>, 'listen' | 'notify' | 'setKey' | 'subscribe'>

/**
 * Makes a store of one object that can be written path by path. It never throws.
 *
 * ```js
 * import { deepMap } from 'lagoon'
 *
 * export const profile = deepMap({ user: { name: 'Ada', tags: ['admin'] } })
 * ```
 *
 * @deprecated Use `@nanostores/deepmap`.
 * @param init The first value. Left out, it is `{}`.
 * @returns The store.
 */
export function deepMap<T extends BaseDeepMap>(init?: T): DeepMapStore<T>

/**
 * Reads what is behind a path in the value of a store: a map, a deep map or an atom.
 *
 * ```js
 * import { getKey, map } from 'lagoon'
 *
 * const settings = map({ theme: 'light', tags: ['shop'] })
 * getKey(settings, 'tags[0]') // 'shop'
 * ```
 *
 * Throws what `get` of the store throws, and a `TypeError` if the path is not a string.
 *
 * @deprecated Use `@nanostores/deepmap`.
 * @param store Any store.
 * @param key The path: keys with dots between them, list indices (0 or more) in brackets.
 * @returns The value, or `undefined` if the path leads nowhere.
 */
export function getKey<T extends Record<string, unknown>, K extends AllPaths<T>>(
  store: AnyStore<T>,
  key: K
): FromPath<T, K>
