import type { AllKeys, ReadableAtom, ReadonlyIfObject, WritableAtom } from './atom.js'

type Key = keyof any

type Get<Value, Name extends Key> = Value extends any
  ? Name extends keyof Value
    ? Value[Name]
    : never
  : never

/** Whether a type has any string for a key, as `Record<string, number>` does. */
export type HasIndexSignature<Value> = string extends keyof Value ? true : false

/** What may be written to a key: where any string is a key, `undefined` removes it. */
export type ValueWithUndefinedForIndexSignatures<Value, Name extends Key> = Value extends any
  ? HasIndexSignature<Value> extends true
    ? undefined | Get<Value, Name>
    : Get<Value, Name>
  : never

/** Any store that can be written. */
export type WritableStore<Value = any> =
  (Value extends object ? MapStore<Value> : never) | WritableAtom<Value>

/** Any store. */
export type Store<Value = any> = ReadableAtom<Value> | WritableStore<Value>

/** What can be read. */
export type Gettable<Value = any> = { get(): Value }

/** What can be read, also without mounting it. */
export type AnyStore<Value = any> = Gettable<Value> & {
  readonly value: undefined | Value
}

/** What can be read and listened to. */
export type ListenableStore<Value = any> = Gettable<Value> & {
  listen(listener: () => void): () => void
}

/** The type of a store's value. */
export type StoreValue<SomeStore> = SomeStore extends Gettable<infer Value> ? Value : any

/** The type of a map's keys, or of a deep map's paths. */
export type MapStoreKeys<SomeStore> = SomeStore extends MapStore
  ? AllKeys<StoreValue<SomeStore>>
  : SomeStore extends { setKey: (key: infer Name, ...args: any[]) => any }
    ? Name
    : AllKeys<StoreValue<SomeStore>>

/** A map: a store of one object that can be written key by key. */
export interface MapStore<Value extends object = any> extends WritableAtom<Value> {
  /**
   * Decides whether `setKey` changes nothing. To compare in another way, put your own in its place;
   * it serves all keys. Removing a key that is there is always a change, and `set` asks `eq` instead.
   *
   * ```js
   * settings.eqKey = (a, b, key) => (key === 'tags' ? String(a) === String(b) : a === b)
   * ```
   *
   * What it throws, `setKey` throws, and the value stays. By default it is `Object.is`.
   *
   * @param oldValue The value of the key; `undefined` if there is no such key.
   * @param newValue The value to be written.
   * @param key The key.
   * @returns `true` keeps the old value and calls no listener.
   */
  eqKey<Name extends AllKeys<Value>>(
    oldValue: Get<Value, Name> | undefined,
    newValue: Get<Value, Name> | undefined,
    key: Name
  ): boolean

  /**
   * Calls a function after each change of the map. It does what `listen` of an atom does; besides,
   * the listener is told the key.
   *
   * ```js
   * const unbind = settings.listen((value, oldValue, key) => {
   *   if (key) console.log(`${key} is ${value[key]} now`)
   * })
   * ```
   *
   * @param listener Gets the value, the one before it, and the key that was written: `undefined`
   *   after `set`, and after a batch.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  listen(
    listener: (
      value: ReadonlyIfObject<Value>,
      oldValue: ReadonlyIfObject<Value> | undefined,
      changedKey: AllKeys<Value> | undefined
    ) => void
  ): () => void

  /**
   * Calls the listeners although nothing was written. A write calls it for you; call it only for a
   * value that was changed in place.
   *
   * ```js
   * settings.value.tags.push('new')
   * settings.notify(undefined, 'tags')
   * ```
   *
   * Throws what a listener throws.
   *
   * @param oldValue What the listeners get as the value before.
   * @param changedKey What they get as the key.
   */
  notify(oldValue?: ReadonlyIfObject<Value>, changedKey?: AllKeys<Value>): void

  /**
   * Writes the whole object, and calls the listeners, with no key, unless `eq` finds it equal to the
   * old one.
   *
   * ```js
   * settings.set({ theme: 'dark', tags: [] })
   * ```
   *
   * Throws as `set` of an atom does.
   *
   * @param newValue Any object. It is kept as it is, not copied.
   */
  set(newValue: Value): void

  /**
   * Writes one key, into a copy of the object, and calls the listeners unless `eqKey` finds the value
   * equal to the old one.
   *
   * ```js
   * settings.setKey('theme', 'dark')
   * settings.setKey('theme', undefined) // removes it
   * ```
   *
   * Throws as `set` of an atom does.
   *
   * @param key The key.
   * @param value Its value. `undefined` removes the key.
   */
  setKey<Name extends AllKeys<Value>>(
    key: Name,
    value: ValueWithUndefinedForIndexSignatures<Value, Name>
  ): void

  /**
   * Calls a function at once, and after each change of the map, as `listen` does.
   *
   * ```js
   * const unbind = settings.subscribe(({ theme }) => {
   *   document.documentElement.dataset.theme = theme
   * })
   * ```
   *
   * Throws as `listen` does, and what the first call throws: the listener then stays.
   *
   * @param listener Gets what `listen` gives it; at the first call only the value.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  subscribe(
    listener: (
      value: ReadonlyIfObject<Value>,
      oldValue: ReadonlyIfObject<Value> | undefined,
      changedKey: AllKeys<Value> | undefined
    ) => void
  ): () => void
}

/** A map that had a value from the beginning. */
export interface PreinitializedMapStore<Value extends object = any> extends MapStore<Value> {
  readonly value: Value
}

/**
 * Makes a store of one object that can be written key by key. It never throws.
 *
 * ```ts
 * import { map } from 'lagoon'
 *
 * export const settings = map({ theme: 'light', tags: ['shop'] })
 * export const profile = map<{ name: string }>() // without a name, so far
 * ```
 *
 * @param value The first value. Left out, it is `{}`, and every key may be missing.
 * @returns The store.
 */
export function map<Value extends object, StoreExt extends object = object>(
  value: Value
): PreinitializedMapStore<Value> & StoreExt
export function map<Value extends object, StoreExt extends object = object>(
  value?: Value
): PreinitializedMapStore<Partial<Value>> & StoreExt
