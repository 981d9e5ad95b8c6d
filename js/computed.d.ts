import type { ReadableAtom } from './atom.js'
import type { Gettable, Store, StoreValue } from './map.js'
import type { Task } from './task.js'

/** The types of the values of a list of stores. */
export type StoreValues<Stores extends readonly Gettable[]> = {
  -readonly [Index in keyof Stores]: StoreValue<Stores[Index]>
}

interface Computed {
  /**
   * Makes a store whose value is derived from the stores that its function reads.
   *
   * It depends on those stores that `get` was called on in the last run: a store in a branch that
   * was not taken is not among them. The function runs when something needs the value, which is a
   * listener, an effect or a read, at most once for each change, and not if what it read turned out
   * equal. If the result equals the old one (`eq`), nothing below it runs.
   *
   * ```js
   * import { atom, computed } from 'lagoon'
   *
   * const price = atom(40)
   * const isMember = atom(false)
   * const discount = atom(10)
   * const total = computed(() => (isMember.get() ? price.get() - discount.get() : price.get()))
   *
   * total.listen(value => console.log(value))
   * discount.set(20) // the function does not run
   * isMember.set(true) // 20
   * ```
   *
   * What the function throws, `get` throws until a store that was read changes, and so does the
   * write that made it run for a listener. An `Error` says so if the store depends on itself, and
   * names the stores on the way. The function must not be `async`: what it reads after an `await` is not
   * known.
   *
   * @param fn Reads stores with `get` and returns the value.
   * @returns The store. It can be read only.
   */
  <Value>(fn: () => Value): ReadableAtom<Value>
  /** @deprecated A computed that waits for a task. Use `@nanostores/async`. */
  <Value, OriginStore extends Store>(
    stores: OriginStore,
    fn: (value: StoreValue<OriginStore>) => Task<Value>
  ): ReadableAtom<undefined | Value>
  /** @deprecated A computed that waits for a task. Use `@nanostores/async`. */
  <Value, OriginStores extends readonly Store[]>(
    stores: readonly [...OriginStores],
    fn: (...values: StoreValues<OriginStores>) => Task<Value>
  ): ReadableAtom<undefined | Value>
  /**
   * Makes a store whose value is derived from another store, or from several.
   *
   * While it is mounted, each change of its stores derives it once more, however many of them and on
   * however many ways. If the result equals the old one (`eq`), nothing below it runs. While it is
   * not mounted, the function runs when the store is read and something changed since.
   *
   * ```js
   * import { computed } from 'lagoon'
   *
   * export const total = computed([items, discount], (list, percent) => {
   *   return list.reduce((sum, item) => sum + item.price, 0) * (1 - percent / 100)
   * })
   * ```
   *
   * What the function throws is thrown once, by the read or the write that made it run; the store
   * keeps its value until its stores change again. An `Error` says so if the store depends on
   * itself.
   *
   * If the function returns a promise made by `task`, the store keeps its value until the promise
   * has one, and drops that if its stores changed meanwhile. That is deprecated.
   *
   * @param stores A store or a list of stores.
   * @param fn Gets their values, in that order, and returns the value.
   * @returns The store. It can be read only.
   */
  <Value, OriginStore extends Store>(
    stores: OriginStore,
    fn: (value: StoreValue<OriginStore>) => Value
  ): ReadableAtom<Value>
  <Value, OriginStores extends readonly Store[]>(
    stores: readonly [...OriginStores],
    fn: (...values: StoreValues<OriginStores>) => Task<Value> | Value
  ): ReadableAtom<Value>
}

export const computed: Computed

interface Batched {
  /**
   * The same for the stores that the function reads, as in `computed`.
   *
   * @param fn Reads stores with `get` and returns the value.
   * @returns The store. It can be read only.
   */
  <Value>(fn: () => Value): ReadableAtom<Value>
  /**
   * Makes a computed that waits for the end of the current task of the event loop
   * (`setTimeout` of 0 ms) before it derives its value again, so that many changes make one. A read
   * with `get` never waits.
   *
   * ```js
   * import { batched } from 'lagoon'
   *
   * export const link = batched([sortBy, category], (key, name) => `/shop/${name}?sort=${key}`)
   * ```
   *
   * What the function throws when nobody reads is an uncaught exception of the timer; otherwise it
   * fails as `computed` does.
   *
   * @param stores A store or a list of stores.
   * @param fn Gets their values, in that order, and returns the value.
   * @returns The store. It can be read only.
   */
  <Value, OriginStore extends Store>(
    stores: OriginStore,
    fn: (value: StoreValue<OriginStore>) => Task<Value> | Value
  ): ReadableAtom<Value>
  <Value, OriginStores extends readonly Store[]>(
    stores: readonly [...OriginStores],
    fn: (...values: StoreValues<OriginStores>) => Task<Value> | Value
  ): ReadableAtom<Value>
}

export const batched: Batched
