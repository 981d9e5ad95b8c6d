import type { StoreValues } from './computed.js'
import type { ListenableStore, StoreValue } from './map.js'

interface Effect {
  /**
   * Runs a function at once, and again whenever a store changed that it read with `get` in its last
   * run. Inside of `batch` it runs once at the end, unless all these stores have their old values
   * back by then.
   *
   * ```js
   * import { atom, effect } from 'lagoon'
   *
   * const isOpen = atom(true)
   * const title = atom('Cart')
   * const stop = effect(() => {
   *   if (isOpen.get()) console.log(title.get())
   * }) // Cart
   *
   * title.set('Your cart') // Your cart
   * isOpen.set(false)
   * title.set('Cart') // nothing: it was not read
   * stop()
   * ```
   *
   * It may write to stores; their listeners are called when it has run. An effect that is made in it
   * ends before its next run, and with it.
   *
   * What the first run throws, `effect` throws, and the effect has ended; what a later run throws,
   * the write throws that caused it, and the effect goes on with what it had read by then.
   *
   * @param fn Reads stores with `get`, not after an `await`. If it returns a function, that is called
   *   before the next run and when the effect ends.
   * @returns Ends the effect.
   */
  (fn: () => (() => void) | void): () => void
  /**
   * Runs a function at once, and again after each change of the stores it uses. Inside of `batch` it
   * runs once at the end.
   *
   * ```js
   * import { effect } from 'lagoon'
   *
   * const stop = effect([isPlaying, interval], (playing, milliseconds) => {
   *   if (!playing) return
   *   const timer = setInterval(showNext, milliseconds)
   *   return () => clearInterval(timer)
   * })
   * ```
   *
   * What the first run throws, `effect` throws, and the effect has ended; what a later run throws,
   * the write throws that caused it, and the effect goes on.
   *
   * @param stores A store or a list of stores.
   * @param fn Gets their values, in that order. If it returns a function, that is called before the
   *   next run and when the effect ends.
   * @returns Ends the effect.
   */
  <OriginStore extends ListenableStore>(
    stores: OriginStore,
    fn: (value: StoreValue<OriginStore>) => (() => void) | void
  ): () => void
  <OriginStores extends readonly ListenableStore[]>(
    stores: readonly [...OriginStores],
    fn: (...values: StoreValues<OriginStores>) => (() => void) | void
  ): () => void
}

export const effect: Effect

/**
 * Owns the effects that are made while a function runs, also those with a list of stores and other
 * scopes, and ends them together.
 *
 * ```js
 * import { atom, effect, effectScope } from 'lagoon'
 *
 * const count = atom(1)
 * const stop = effectScope(() => {
 *   effect(() => console.log(count.get())) // 1
 *   effect(() => console.log(count.get() * 2)) // 2
 * })
 * stop()
 * count.set(2) // nothing
 * ```
 *
 * If the function throws, the effects that it has made end, and `effectScope` throws that error. All
 * are ended even if a clean-up throws; the last such error is thrown.
 *
 * @param fn Makes effects. It is called at once, with nothing, and what it reads is not tracked.
 * @returns Ends all of them. A second call does nothing.
 */
export function effectScope(fn: () => void): () => void
