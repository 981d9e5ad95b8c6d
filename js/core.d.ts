/**
 * Makes several writes one update: the stores have their new values at once, but listeners are
 * called when the outermost batch ends, each once, however many of its stores changed how often.
 *
 * A listener gets the store of its first change, the value from before that change, and no changed
 * key. The batch ends when the function returns; what it writes after an `await` is outside.
 *
 * ```js
 * import { atom, batch, effect } from 'lagoon'
 *
 * const width = atom(2)
 * const height = atom(3)
 * effect([width, height], (w, h) => console.log(w * h)) // 6
 *
 * batch(() => {
 *   width.set(4)
 *   height.set(5)
 * }) // 20
 * ```
 *
 * Throws what the function throws, after calling the listeners for what was written by then. If a
 * listener throws, too, it throws that error instead.
 *
 * @param fn Writes to stores. It is called at once, with nothing.
 */
export function batch(fn: () => void): void
