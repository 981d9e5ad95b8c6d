import type { HasIndexSignature } from './map.js'

/** An object that can be read and written by path. */
export type BaseDeepMap = Record<string, unknown>

// One less, for counting the levels of an object down.
type Less = [never, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]

type Below<Path extends string, Key extends number | string> = Path extends ''
  ? `${Key}`
  : `${Path}.${Key}`

type PathsOfKeys<T, Path extends string, Depth extends number> = {
  [Key in keyof T]-?: Key extends number | string
    ? AllPaths<T[Key], Below<Path, Key>, Less[Depth]>
    : never
}[keyof T]

/**
 * The paths of an object: `'user'`, `'user.name'`, `'user.tags[0]'`.
 *
 * Objects are looked into up to ten levels deep, or as many as the third argument says (0 to 20).
 * An interface without an index signature counts as a plain value; a type alias is looked into.
 */
export type AllPaths<
  T,
  P extends string = '',
  MaxDepth extends number = 10
> = T extends (infer Item)[]
  ? AllPaths<Item, `${P}[${number}]`, Less[MaxDepth]> | `${P}[${number}]` | P
  : T extends BaseDeepMap
    ? MaxDepth extends 0
      ? never
      : PathsOfKeys<T, P, MaxDepth> | (P extends '' ? never : P)
    : P

// What is behind `[0]`, `[0][1]` and so on.
type AtIndices<T, Indices> = Indices extends `[${number}]${infer Rest}`
  ? T extends (infer Item)[]
    ? Rest extends ''
      ? Item
      : AtIndices<Item, Rest>
    : never
  : never

type AtKey<T, Key, Removed> = Key extends keyof T
  ? T[Key] | (HasIndexSignature<T> extends true ? Removed : never)
  : never

// What is behind one step of a path: `tags`, or `tags[0]`.
type AtStep<T, Step, Removed> = Step extends `${infer Key}[${infer Indices}`
  ? Key extends keyof T
    ? AtIndices<NonNullable<T[Key]>, `[${Indices}`>
    : never
  : AtKey<T, Step, Removed>

type AtSteps<T, Path, Removed> = Path extends `${infer Step}.${infer Rest}`
  ? AtPath<NonNullable<AtStep<T, Step, never>>, Rest, Removed>
  : AtStep<T, Path, Removed>

// For each member of both unions. What leads nowhere as a path may be a key with a dot in it.
type AtPath<T, Path, Removed> = T extends unknown
  ? Path extends unknown
    ? [AtSteps<T, Path, Removed>] extends [never]
      ? AtKey<T, Path, Removed>
      : AtSteps<T, Path, Removed>
    : never
  : never

/** The type of what is behind a path. */
export type FromPath<T, P> = AtPath<T, P, never>

/** What may be written to a path: where any string is a key, `undefined` removes it. */
export type FromPathWithIndexSignatureUndefined<T, P> = AtPath<T, P, undefined>

/**
 * Reads what is behind a path.
 *
 * ```js
 * import { getPath } from 'lagoon'
 *
 * getPath({ user: { tags: ['a', 'b'] } }, 'user.tags[1]') // 'b'
 * getPath({ user: null }, 'user.tags[1]') // undefined
 * ```
 *
 * Throws a `TypeError` if the path is not a string.
 *
 * @param obj Any object, `null` or `undefined`.
 * @param path Keys with dots between them, list indices (0 or more) in brackets.
 * @returns The value, or `undefined` if the path leads nowhere.
 */
export function getPath<T extends BaseDeepMap, K extends AllPaths<T>>(
  obj: T,
  path: K
): FromPath<T, K>

/**
 * Writes to a path, into a copy. Only the objects and lists along the path are copied; those that
 * are missing are made. A list is as long as its largest index needs; items before it
 * are `undefined`.
 *
 * ```js
 * import { setPath } from 'lagoon'
 *
 * setPath({ user: { tags: ['a', 'b'] } }, 'user.tags[0]', 'c') // { user: { tags: ['c', 'b'] } }
 * setPath({ user: { tags: ['a', 'b'] } }, 'user.tags[0]', undefined) // { user: { tags: ['b'] } }
 * ```
 *
 * What is no object on the way there (`null`, a number) gives way to one. Throws a `TypeError` if the
 * path is not a string, a `RangeError` for an index that no list can have, and an `Error` if a key is
 * `__proto__`, which would give the copy another prototype.
 *
 * @param obj Any object. `null` and `undefined` count as `{}`.
 * @param path Keys with dots between them, list indices (0 or more) in brackets.
 * @param value The value. `undefined` removes the key, or takes the item out of its list.
 * @returns The copy.
 */
export function setPath<T extends BaseDeepMap, K extends AllPaths<T>>(
  obj: T,
  path: K,
  value: FromPath<T, K>
): T

/**
 * Writes to a path that is given as a list of keys, into a copy, as `setPath` does.
 *
 * ```js
 * import { setByKey } from 'lagoon'
 *
 * setByKey({ user: { tags: ['a'] } }, ['user', 'tags', 1], 'b') // { user: { tags: ['a', 'b'] } }
 * ```
 *
 * Throws a `TypeError` if the keys are not a list, a `RangeError` for an index that no list can have, and
 * an `Error` if a key is `__proto__`.
 *
 * @param obj Any object.
 * @param splittedKeys One key or more. A key of digits only makes a list if there is nothing yet.
 * @param value The value. `undefined` removes the key, or takes the item out of its list.
 * @returns The copy.
 */
export function setByKey<T extends BaseDeepMap>(
  obj: T,
  splittedKeys: PropertyKey[],
  value: unknown
): T
