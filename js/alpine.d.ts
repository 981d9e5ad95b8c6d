import type { AnyStore, StoreValue } from './index.js'

/**
 * All of this module in one plugin: `x-nano`, `x-nano-model` and `$nano`.
 *
 * ```js
 * import Alpine from 'alpinejs'
 * import { NanoStores } from 'lagoon/alpine'
 *
 * Alpine.plugin(NanoStores)
 * Alpine.start()
 * ```
 *
 * @param Alpine What the plugins are added to, from npm or from a `<script>`.
 */
export function NanoStores(Alpine: unknown): void

/**
 * The directive `x-nano:variable="store"`: the variable has the value of the store, for the element
 * and all that is in it.
 *
 * The expression may give another store later. The element listens until it or the attribute goes.
 * `x-nano:is-open.camel` names the variable `isOpen`. A write to the variable throws a `TypeError`;
 * so does what is no store, and an attribute without a variable an `Error`. Alpine reports them as
 * it does any error of an expression, and the rest of the page goes on.
 *
 * ```html
 * <p x-data x-nano:count="$count">
 *   <button @click="$count.set(count + 1)" x-text="count"></button>
 * </p>
 * ```
 *
 * @param Alpine What the directive is added to.
 */
export function directivePlugin(Alpine: unknown): void

/**
 * The directive `x-nano-model:variable="store"`: like `x-nano`, and a write to the variable is a
 * write to the store, so that `x-model` works. Of a map, the keys can be written, too.
 *
 * A write throws what `set` or `setKey` of the store throws.
 *
 * ```html
 * <form x-data x-nano-model:address="$address">
 *   <input x-model="address.city" />
 * </form>
 * ```
 *
 * @param Alpine What the directive is added to.
 */
export function modelDirectivePlugin(Alpine: unknown): void

/**
 * The magic `$nano(store)`: the value of a store, in any expression.
 *
 * The element listens from the first call until it goes. What is no store is a `TypeError`.
 *
 * ```html
 * <p x-data x-show="$nano($count) > 0" x-text="$nano($count)"></p>
 * ```
 *
 * @param Alpine What the magic is added to.
 */
export function magicPlugin(Alpine: unknown): void

/** What Alpine adds to `this` of a component. */
interface Magics {
  readonly $data: any
  readonly $dispatch: (event: string, detail?: any) => void
  readonly $el: HTMLElement
  readonly $id: (name: string, key?: number | string | null) => string
  readonly $nextTick: (callback?: () => void) => Promise<void>
  readonly $refs: Record<string, HTMLElement>
  readonly $root: HTMLElement
  readonly $store: any
  readonly $watch: (property: string, callback: (value: any, oldValue: any) => void) => void
}

type Stores = Record<string, AnyStore>
type Values<SomeStores> = { [Name in keyof SomeStores]: StoreValue<SomeStores[Name]> }

/**
 * Makes a component for `Alpine.data()` that has the values of stores as properties.
 *
 * The component listens from its `init` until its `destroy`; what it has as `init` and `destroy`
 * itself is called after that. What it writes to such a property stays there until the store changes:
 * write to the store instead. As of all in `x-data`, `this` gives Alpine's view of an object.
 *
 * Throws a `TypeError` if it gets what is no store.
 *
 * ```js
 * import Alpine from 'alpinejs'
 * import { withStores } from 'lagoon/alpine'
 * import { cartItems } from '../cart.js'
 *
 * Alpine.data(
 *   'cart',
 *   withStores({ items: cartItems }, () => ({
 *     get count() {
 *       return Object.keys(this.items).length
 *     }
 *   }))
 * )
 * ```
 *
 * @param stores The stores, under the names to give to their values.
 * @param factory Gets the values, and what `x-data` passes on; returns the component.
 * @returns What `Alpine.data()` takes.
 */
export function withStores<
  SomeStores extends Stores,
  Component extends object,
  Args extends any[] = []
>(
  stores: SomeStores,
  factory: (
    values: Values<SomeStores>,
    ...args: Args
  ) => Component & ThisType<Component & Magics & Values<SomeStores>>
): (...args: Args) => Component & Values<SomeStores> & { init(): any; destroy(): void }
