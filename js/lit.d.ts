import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { MapStoreKeys, Store, StoreValue } from './index.js'

/** What a controller listens to: a store, or a function that returns the one to listen to now. */
type Source<SomeStore> = SomeStore | (() => SomeStore)

type Values<Sources extends readonly unknown[]> = {
  -readonly [Index in keyof Sources]: Sources[Index] extends () => infer SomeStore
    ? ValueOf<SomeStore>
    : ValueOf<Sources[Index]>
}

type ValueOf<SomeStore> = SomeStore extends undefined ? undefined : StoreValue<SomeStore>

export interface StoreControllerOptions<SomeStore> {
  /**
   * Draw the element again only when one of these keys of a map changes. Without a list every
   * change counts, with an empty one none does.
   */
  keys?: SomeStore extends { setKey: unknown }
    ? readonly MapStoreKeys<SomeStore>[] | MapStoreKeys<SomeStore>
    : never

  /**
   * What a server draws, and what the browser draws first to take the server's markup over. Right
   * after that, the browser draws the current value, if it differs. Without this, Lit would take the
   * server's text for what it drew first, and leave it on the page until the store changes.
   *
   * - `false`, the default: the current value, also on a server.
   * - `'initial'`: the value that the store was made with; for a computed that is `undefined`.
   * - a function: the value that it returns.
   */
  ssr?: 'initial' | (() => ValueOf<SomeStore>) | false
}

export interface MultiStoreControllerOptions<Sources extends readonly unknown[]> {
  /** As of a single store; a function returns the list of values. */
  ssr?: 'initial' | (() => Values<Sources>) | false
}

/** A controller that draws its element again when a store changes. */
export interface StoreController<Value> extends ReactiveController {
  /** The current value of the store; what the option `ssr` says until the first drawing is done. */
  readonly value: Value
  hostConnected(): void
  hostDisconnected(): void
  hostUpdate(): void
  hostUpdated(): void
}

/** A controller that draws its element again when one of several stores changes. */
export interface MultiStoreController<
  Sources extends readonly unknown[]
> extends ReactiveController {
  /** The current values, in the order of the stores. */
  readonly values: Values<Sources>
  hostConnected(): void
  hostDisconnected(): void
  hostUpdate(): void
  hostUpdated(): void
}

/**
 * Draws an element again when a store changes, once for all changes of one task.
 *
 * The controller listens while the element is on the page, and never on a server. Given a function,
 * it asks that before each drawing which store to listen to: so the store can be a property of the
 * element. While that is `undefined`, so is the value.
 *
 * Throws a `TypeError` if it gets what is no store; the element gets no controller then.
 *
 * ```js
 * import { html, LitElement } from 'lit'
 * import { StoreController } from 'lagoon/lit'
 * import { isCartOpen } from '../cart.js'
 *
 * class CartFlyout extends LitElement {
 *   #isOpen = new StoreController(this, isCartOpen)
 *
 *   render() {
 *     return this.#isOpen.value ? html`<aside>Your cart is empty.</aside>` : null
 *   }
 * }
 * customElements.define('cart-flyout', CartFlyout)
 * ```
 *
 * @param host The element, which owns the controller.
 * @param store Any store, or a function that returns one.
 * @param options Which changes count, and what a server draws.
 */
export const StoreController: {
  new <SomeStore extends Store>(
    host: ReactiveControllerHost,
    store: Source<SomeStore>,
    options?: StoreControllerOptions<SomeStore>
  ): StoreController<StoreValue<SomeStore>>
  new <SomeStore extends Store>(
    host: ReactiveControllerHost,
    store: () => SomeStore | undefined,
    options?: StoreControllerOptions<SomeStore>
  ): StoreController<StoreValue<SomeStore> | undefined>
  new <Value>(host: ReactiveControllerHost, store: Store<Value>): StoreController<Value>
}

/**
 * Draws an element again when one of several stores changes. It listens as `StoreController` does,
 * and throws as it does.
 *
 * ```js
 * import { html, LitElement } from 'lit'
 * import { MultiStoreController } from 'lagoon/lit'
 * import { cartCount, cartTotal } from '../cart.js'
 *
 * class CartSummary extends LitElement {
 *   #cart = new MultiStoreController(this, [cartCount, cartTotal])
 *
 *   render() {
 *     const [count, total] = this.#cart.values
 *     return html`${count} items for ${total}`
 *   }
 * }
 * ```
 *
 * @param host The element, which owns the controller.
 * @param stores The stores, or functions that return one each.
 * @param options What a server draws.
 */
export const MultiStoreController: {
  new <const Sources extends readonly Source<Store | undefined>[]>(
    host: ReactiveControllerHost,
    stores: Sources,
    options?: MultiStoreControllerOptions<Sources>
  ): MultiStoreController<Sources>
}

type HostClass = new (...args: any[]) => ReactiveControllerHost

/**
 * Makes a class whose elements are drawn again when one of the stores changes. `render` reads them
 * with `get`.
 *
 * Throws a `TypeError` if it gets what is no store.
 *
 * ```js
 * import { html, LitElement } from 'lit'
 * import { withStores } from 'lagoon/lit'
 * import { cartCount } from '../cart.js'
 *
 * class CartCount extends withStores(LitElement, [cartCount]) {
 *   render() {
 *     return html`${cartCount.get()}`
 *   }
 * }
 * ```
 *
 * @param Base The class to extend, which stays as it is.
 * @param stores The stores.
 * @returns A class that extends it.
 */
export function withStores<Base extends HostClass>(
  Base: Base,
  stores: Store | readonly Store[]
): Base

/**
 * The same as a decorator, in the standard's form and in TypeScript's older one.
 *
 * Throws a `TypeError` if it gets what is no store.
 *
 * ```ts
 * import { html, LitElement } from 'lit'
 * import { customElement } from 'lit/decorators.js'
 * import { useStores } from 'lagoon/lit'
 * import { cartCount, cartTotal } from '../cart.js'
 *
 * @customElement('cart-summary')
 * @useStores(cartCount, cartTotal)
 * export class CartSummary extends LitElement {
 *   override render() {
 *     return html`${cartCount.get()} items for ${cartTotal.get()}`
 *   }
 * }
 * ```
 *
 * @param stores The stores, one by one or in a list.
 * @returns The decorator of the class.
 */
export function useStores(
  ...stores: readonly (Store | readonly Store[])[]
): <Base extends HostClass>(Base: Base, context?: ClassDecoratorContext) => Base
