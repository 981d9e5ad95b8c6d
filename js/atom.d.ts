/** The keys of all members of a union. */
export type AllKeys<Value> = Value extends any ? keyof Value : never

type Scalar = boolean | number | string

/** A value as listeners get it: objects are not to be written to, other values are as they are. */
export type ReadonlyIfObject<Value> = Value extends undefined
  ? Value
  : Value extends (...args: any) => any
    ? Value
    : Value extends Scalar
      ? Value
      : Value extends object
        ? Readonly<Value>
        : Value

/** A store: anything with `get` and `listen`. Its methods work unbound: `const { get } = store`. */
export interface ReadableAtom<Value = any> {
  /**
   * Decides whether a write changes nothing. To compare in another way, put your own in its place.
   *
   * ```js
   * position.eq = (a, b) => a.x === b.x && a.y === b.y
   * position.set({ x: 0, y: 0 })
   * ```
   *
   * What it throws, the write throws, and the value stays. By default it is `Object.is`.
   *
   * @param oldValue The value of the store; `undefined` in a computed that never had one.
   * @param newValue The value to be written.
   * @returns `true` keeps the old value and calls no listener.
   */
  eq(oldValue: ReadonlyIfObject<Value> | undefined, newValue: ReadonlyIfObject<Value>): boolean

  /**
   * Reads the store. If it is not mounted, this mounts it for `STORE_UNMOUNT_DELAY`, so that
   * `onMount` can give it a value.
   *
   * ```js
   * const total = cartTotal.get()
   * ```
   *
   * Throws what `onMount`, or the function of a computed, throws.
   *
   * @returns The current value.
   */
  get(): Value

  /** The value that the store was made with; `undefined` in a computed. */
  readonly init: undefined | Value

  /** How many listeners the store has, 0 or more. */
  readonly lc: number

  /**
   * Calls a function after each change of the store. While there is a listener, the store is
   * mounted.
   *
   * Listeners are called in the order in which they came, and all changes in the order in which they
   * were made: what a listener writes waits until the ones before it are through. The same function
   * may listen several times; it is then called several times.
   *
   * ```js
   * const unbind = isCartOpen.listen((isOpen, wasOpen) => {
   *   console.log(`from ${wasOpen} to ${isOpen}`)
   * })
   * unbind()
   * ```
   *
   * A listener that throws does not stop the others: the write that caused the call throws the error
   * when all have been called, the last one if there are several. `listen` itself throws what
   * `onStart` or `onMount` throws, a `TypeError` for what is no function, and an `Error` when there is
   * no memory left.
   *
   * @param listener Gets the value and the one before it. What it returns is ignored.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  listen(
    listener: (
      value: ReadonlyIfObject<Value>,
      oldValue: ReadonlyIfObject<Value> | undefined
    ) => void
  ): () => void

  /**
   * Calls the listeners although nothing was written. A write calls it for you; call it only for a
   * value that was changed in place.
   *
   * ```js
   * history.value.push(entry)
   * history.notify()
   * ```
   *
   * Throws what a listener throws.
   *
   * @param oldValue What the listeners get as the value before.
   */
  notify(oldValue?: ReadonlyIfObject<Value>): void

  /**
   * Is called when the last listener left. It is there to be wrapped, as `onStop` and `onMount` do;
   * it takes no listener off.
   *
   * ```js
   * const { off } = prices
   * prices.off = () => {
   *   socket.close()
   *   off()
   * }
   * ```
   */
  off(): void

  /**
   * Calls a function at once, and after each change of the store, as `listen` does.
   *
   * ```js
   * const unbind = isCartOpen.subscribe(isOpen => {
   *   document.body.classList.toggle('has-cart', isOpen)
   * })
   * ```
   *
   * Throws as `listen` does, and what the first call throws: the listener then stays.
   *
   * @param listener Gets the value and the one before it; at the first call only the value.
   * @returns Takes the listener off, also while it waits to be called; a second call does nothing.
   */
  subscribe(
    listener: (value: ReadonlyIfObject<Value>, oldValue?: ReadonlyIfObject<Value>) => void
  ): () => void

  /**
   * The value without mounting the store. In a store that is not mounted it may be out of date, in a
   * computed that never was it is `undefined`: `get` is what you want.
   */
  readonly value: undefined | Value
}

/** A store that can be written. */
export interface WritableAtom<Value = any> extends ReadableAtom<Value> {
  /**
   * Writes the value, and calls the listeners unless `eq` finds it equal to the old one. When it
   * returns, they have been called, except inside of `batch` or of another listener.
   *
   * ```js
   * isCartOpen.set(true)
   * ```
   *
   * Throws what `eq`, an event of the store or a listener throws, the last one if there are several;
   * the value is then written all the same, unless it was `eq` or `onSet`. Throws an `Error` if the
   * listeners change the store again and again without end.
   *
   * @param newValue Any value, `undefined` too. An object is kept as it is, not copied.
   */
  set(newValue: Value): void
}

/** An atom that had a value from the beginning. */
export interface PreinitializedWritableAtom<Value> extends WritableAtom<Value> {
  readonly value: Value
}

/** An atom, for reading or for writing. */
export type Atom<Value = any> = ReadableAtom<Value> | WritableAtom<Value>

/**
 * Makes a store of one value, which is always replaced as a whole. It never throws.
 *
 * ```ts
 * import { atom } from 'lagoon'
 *
 * export const isCartOpen = atom(false)
 * export const currency = atom<'EUR' | 'USD'>('EUR')
 * ```
 *
 * @param args The first value. It may be left out if the type of the value allows `undefined`.
 * @returns The store.
 */
export function atom<Value, StoreExt = object>(
  ...args: undefined extends Value ? [] | [Value] : [Value]
): PreinitializedWritableAtom<Value> & StoreExt

/**
 * Hides from TypeScript that a store can be written, for exporting it. At run time it returns what
 * it got, and never throws.
 *
 * ```ts
 * import { atom, readonlyType } from 'lagoon'
 *
 * const ticks = atom(0)
 * setInterval(() => ticks.set(ticks.get() + 1), 1000)
 *
 * export const seconds = readonlyType(ticks)
 * ```
 *
 * @param store Any store.
 * @returns The same store.
 */
export function readonlyType<Value>(store: ReadableAtom<Value>): ReadableAtom<Value>
