import type { ReadableAtom, WritableAtom } from './atom.js'

/** Gets a value, and nothing else. */
export type Subscriber<Value> = (value: Value) => void

/** Ends a subscription; a second call does nothing. */
export type Unsubscriber = () => void

/** Makes a new value of the one before. */
export type Updater<Value> = (value: Value) => Value

/**
 * Is called when a store gets its first listener or subscriber, and may give it values. What it
 * returns is called when the last one has left, at once.
 */
export type StartStopNotifier<Value> = (
  set: (value: Value) => void,
  update: (fn: Updater<Value>) => void
) => void | (() => void)

/** A store that can be read: as Svelte has it, and in all ways that a store of Lagoon can be. */
export interface Readable<Value> extends Omit<ReadableAtom<Value>, 'subscribe'> {
  /**
   * Calls a function at once, and with each value that is written, also with one that a subscriber
   * before it has written over. In a batch, it is called once, at the end.
   *
   * ```js
   * const unsubscribe = count.subscribe(value => console.log(value))
   * ```
   *
   * What the subscriber throws at a write, the write throws when all have been called; what it throws
   * at once, `subscribe` throws, and it stays subscribed. Throws what the start function throws; then
   * it is not subscribed.
   *
   * @param run Gets the value.
   * @param invalidate Is called before `run` when the store has changed. For the deriveds of
   *   `svelte/store`.
   * @returns Ends it, also while it waits to be called; a second call does nothing.
   */
  subscribe(this: void, run: Subscriber<Value>, invalidate?: () => void): Unsubscriber
}

/** A store that can be read and written. */
export interface Writable<Value> extends Readable<Value>, Omit<WritableAtom<Value>, 'subscribe'> {
  /**
   * Writes the value, and calls the subscribers and listeners: always if it is an object or a function,
   * which may have been changed in place, otherwise if it is another one.
   *
   * ```js
   * count.set(2)
   * ```
   *
   * Throws what a subscriber, a listener, or the function of a derived store throws, the last if there
   * are several; the value is written. Throws an `Error` if they write again and again without end.
   *
   * @param value Any value.
   */
  set(this: void, value: Value): void

  /**
   * Writes what a function makes of the value.
   *
   * ```js
   * count.update(value => value + 1)
   * ```
   *
   * Throws what the function throws, and then writes nothing; otherwise as `set`.
   *
   * @param fn Gets the value and returns the next one.
   */
  update(this: void, fn: Updater<Value>): void
}

/** What `derived` takes: stores, and anything with their `subscribe`, as RxJS has it. */
export interface Subscribable<Value = any> {
  subscribe(run: (value: Value) => void): (() => void) | { unsubscribe(): void }
}

/** The types of the values of a store, or of a list of stores. */
export type StoresValues<Stores> =
  Stores extends Subscribable<infer Value>
    ? Value
    : {
        -readonly [Index in keyof Stores]: Stores[Index] extends Subscribable<infer Value>
          ? Value
          : never
      }

/**
 * Makes a store that can be written, as `writable` of `svelte/store` does. It throws a `TypeError` if the
 * second argument is no function.
 *
 * ```js
 * import { writable } from 'lagoon/svelte/store'
 *
 * export const count = writable(0)
 * count.update(value => value + 1)
 * ```
 *
 * @param value The first value.
 * @param start Is called with the first listener or subscriber. What it throws, `subscribe`, `listen`
 *   or `get` throws, and nobody listens.
 * @returns The store. `computed`, `effect` and the bindings take it as they take an atom.
 */
export function writable<Value>(value: Value, start?: StartStopNotifier<Value>): Writable<Value>
export function writable<Value>(): Writable<Value | undefined>

/**
 * Makes a store that only its start function can write. It throws as `writable`.
 *
 * ```js
 * import { readable } from 'lagoon/svelte/store'
 *
 * export const time = readable(new Date(), set => {
 *   const timer = setInterval(() => set(new Date()), 1000)
 *   return () => clearInterval(timer)
 * })
 * ```
 *
 * @param value The first value.
 * @param start As in `writable`.
 * @returns The store.
 */
export function readable<Value>(value: Value, start?: StartStopNotifier<Value>): Readable<Value>
export function readable<Value>(): Readable<Value | undefined>

/**
 * Makes a store whose value is derived from others. Its function runs with the first listener or
 * subscriber, and once for each change, when all that it reads is current. Without any it runs at each
 * read.
 *
 * ```js
 * import { derived } from 'lagoon/svelte/store'
 *
 * export const total = derived([price, quantity], ([cents, pieces]) => cents * pieces)
 *
 * export const late = derived(total, (value, set) => {
 *   const timer = setTimeout(() => set(value), 300)
 *   return () => clearTimeout(timer)
 * })
 * ```
 *
 * Throws a `TypeError` if there is no store at some place of the list, or no function. What the function
 * throws, the write throws that made it run, and the store keeps its value; at the first run `subscribe`, `listen`
 * or `get` throws it, and nobody listens.
 *
 * @param stores A store or a list of stores: Svelte's, Lagoon's, or anything with their `subscribe`.
 * @param fn Gets the value, or the list of values. If it names a second parameter, it gives the store
 *   its values by `set` and `update`, and may return a function that is called before the next run and
 *   when the last listener left; otherwise what it returns is the value.
 * @param initialValue The value until there is one.
 * @returns The store.
 */
export function derived<
  Stores extends Subscribable | readonly [unknown, ...unknown[]] | readonly Subscribable[],
  Value
>(
  stores: Stores,
  fn: (
    values: StoresValues<Stores>,
    set: (value: Value) => void,
    update: (fn: Updater<Value>) => void
  ) => void | (() => void),
  initialValue?: Value
): Readable<Value>
export function derived<
  Stores extends Subscribable | readonly [unknown, ...unknown[]] | readonly Subscribable[],
  Value
>(
  stores: Stores,
  fn: (values: StoresValues<Stores>) => Value,
  initialValue?: Value
): Readable<Value>

/**
 * Makes a store that is the given one without `set` and `update`, for exporting it. It never throws,
 * if the argument is a store.
 *
 * ```js
 * import { readonly, writable } from 'lagoon/svelte/store'
 *
 * const items = writable([])
 * export const cart = readonly(items)
 * ```
 *
 * @param store Any store.
 * @returns A store with the same value and the same subscribers.
 */
export function readonly<Value>(store: Subscribable<Value>): Readable<Value>

/**
 * Reads a store by subscribing to it for a moment. A store of Lagoon also has `get()`.
 *
 * ```js
 * import { get } from 'lagoon/svelte/store'
 *
 * console.log(get(total))
 * ```
 *
 * Throws what subscribing throws.
 *
 * @param store Anything with `subscribe` that calls at once. `null` and `undefined` have no value.
 * @returns The value.
 */
export function get<Value>(store: Subscribable<Value>): Value
