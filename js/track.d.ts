/**
 * Calls a function and does not track what it reads: a computed or an effect that calls it does not
 * depend on that.
 *
 * ```js
 * import { atom, effect, untracked } from 'lagoon'
 *
 * const items = atom(['hat'])
 * const currency = atom('EUR')
 * effect(() => {
 *   console.log(items.get().length, untracked(() => currency.get()))
 * }) // 1 EUR
 *
 * currency.set('USD') // nothing
 * items.set(['hat', 'scarf']) // 2 USD
 * ```
 *
 * Throws what the function throws. Effects that it makes belong to the effect around it.
 *
 * @param fn Reads stores. It is called at once, with nothing.
 * @returns What the function returns.
 */
export function untracked<Value>(fn: () => Value): Value
