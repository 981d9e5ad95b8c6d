import type { StoreValues } from './computed.js'
import type { ListenableStore, StoreValue } from './map.js'

interface Effect {
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
