import type { MapStore } from './map.js'

/** Makes maps that are alike, one for each id. */
export interface MapCreator<Value extends object = any, Args extends any[] = []> {
  /**
   * Gets the map with an id; makes it if there is none.
   *
   * ```js
   * const figurine = product('astronaut-figurine')
   * ```
   *
   * Throws an `Error` if the id is a property that every object has, like `'constructor'`.
   *
   * @param id Any other string.
   * @param args What the map needs besides; of no effect if it is there already.
   * @returns The map. Its first value is `{ id }`.
   */
  (id: string, ...args: Args): MapStore<{ id: string } & Value>

  /**
   * Makes a map with an id, and does not keep it. It is there to be replaced in tests. It never
   * throws.
   *
   * ```js
   * product.build = id => map({ id, name: 'Moon Lamp' })
   * ```
   *
   * @param id Any string.
   * @param args What the map needs besides.
   * @returns The map.
   */
  build(id: string, ...args: Args): MapStore<{ id: string } & Value>

  /** The maps by id, each until it is unmounted. */
  cache: { [id: string]: MapStore<{ id: string } & Value> }
}

/**
 * Makes a function that makes maps by id, and keeps each for as long as it is mounted.
 *
 * ```js
 * import { mapCreator, task } from 'lagoon'
 *
 * export const product = mapCreator((store, id) => {
 *   task(async () => {
 *     const answer = await fetch(`/products/${id}`)
 *     store.set({ id, ...(await answer.json()) })
 *   })
 * })
 *
 * product('moon-lamp').subscribe(({ name }) => console.log(name))
 * ```
 *
 * It never throws; what the function throws, `listen` or `get` of the map throws.
 *
 * @param init Is called when a map is mounted, with the map, its id and what else was given. If it
 *   returns a function, that is called when the map is unmounted.
 * @returns The function.
 */
export function mapCreator<
  Value extends object,
  Args extends any[] = [],
  StoreExt extends object = object
>(
  init?: (
    store: MapStore<{ id: string } & Value> & StoreExt,
    id: string,
    ...args: Args
  ) => (() => void) | void
): MapCreator<Value, Args>
