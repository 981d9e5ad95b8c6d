import type { ReadableAtom } from './atom.js'
import type { MapStoreKeys, Store, StoreValue, WritableStore } from './map.js'

/** What `fromEvent` makes of events. */
export interface FromEventOptions<EventType, Value> {
  /** The value until the first event: `undefined` if it is left out. */
  initial?: Value
  /** Makes the value of an event. Left out, the event is the value. */
  map?: (event: EventType) => Value
}

/**
 * Makes a store of an event: its value is that of the last one. It listens only while it is mounted, and
 * not to what `dispatchOn` sends, so that a store can do both on one target and type without hearing
 * itself. It never throws; what `map` throws is reported as any error of a page's listener is.
 *
 * ```js
 * import { fromEvent } from 'lagoon/dom'
 *
 * export const width = fromEvent(window, 'resize', {
 *   initial: window.innerWidth,
 *   map: () => window.innerWidth
 * })
 *
 * export const wish = fromEvent(document, 'wish', { map: event => event.detail })
 * ```
 *
 * @param target Any target of events: `window`, `document`, an element. It stays the page's.
 * @param type The name of the event.
 * @param options The first value, and how to make a value of an event.
 * @returns The store. It can be read only.
 */
export function fromEvent<Type extends keyof WindowEventMap, Value = WindowEventMap[Type]>(
  target: Window,
  type: Type,
  options: FromEventOptions<WindowEventMap[Type], Value> & { initial: Value }
): ReadableAtom<Value>
export function fromEvent<
  Type extends keyof HTMLElementEventMap,
  Value = HTMLElementEventMap[Type]
>(
  target: HTMLElement | Document,
  type: Type,
  options: FromEventOptions<HTMLElementEventMap[Type], Value> & { initial: Value }
): ReadableAtom<Value>
export function fromEvent<Type extends keyof WindowEventMap, Value = WindowEventMap[Type]>(
  target: Window,
  type: Type,
  options?: FromEventOptions<WindowEventMap[Type], Value>
): ReadableAtom<Value | undefined>
export function fromEvent<
  Type extends keyof HTMLElementEventMap,
  Value = HTMLElementEventMap[Type]
>(
  target: HTMLElement | Document,
  type: Type,
  options?: FromEventOptions<HTMLElementEventMap[Type], Value>
): ReadableAtom<Value | undefined>
export function fromEvent<Value = CustomEvent>(
  target: EventTarget,
  type: string,
  options: FromEventOptions<CustomEvent, Value> & { initial: Value }
): ReadableAtom<Value>
export function fromEvent<Value = CustomEvent>(
  target: EventTarget,
  type: string,
  options?: FromEventOptions<CustomEvent, Value>
): ReadableAtom<Value | undefined>

/**
 * Sends a `CustomEvent` after each change of a store, for scripts that know nothing of stores. Its
 * `detail` is the value. It does not bubble.
 *
 * ```js
 * import { dispatchOn } from 'lagoon/dom'
 * import { cartCount } from './cart.js'
 *
 * const stop = dispatchOn(cartCount, document, 'cart')
 * document.addEventListener('cart', ({ detail }) => console.log(detail))
 * ```
 *
 * Throws a `TypeError` if the first argument is no store. What a listener of the event throws, the page
 * reports; the store does not notice.
 *
 * @param $store Any store. It is mounted until this ends.
 * @param target Where the event is sent: `document`, `window`, an element.
 * @param type The name of the event.
 * @returns Ends it; a second call does nothing.
 */
export function dispatchOn($store: Store, target: EventTarget, type: string): () => void

/** An element, several of them, or a selector that finds them. */
export type Elements = string | Element | Iterable<Element>

/** What is shown of a store: what a function makes of its value, or the value of a key. */
export type Picked<SomeStore, Shown> =
  ((value: StoreValue<SomeStore>) => Shown) | keyof StoreValue<SomeStore>

/**
 * Shows a store as the text of elements, now and after each change. The binding does not keep the
 * elements in memory: when they are gone, it ends by itself.
 *
 * ```js
 * import { bindText } from 'lagoon/dom'
 * import { cartCount, user } from './stores.js'
 *
 * bindText('[data-cart-count]', cartCount, count => `${count} items`)
 * bindText('#name', user, 'name')
 * ```
 *
 * Throws an `Error` if there is no such element, and what the function throws; nothing is bound then.
 *
 * @param elements The elements.
 * @param $store Any store.
 * @param pick What to show of it: a function or a key. Left out, the value. `null` and `undefined` are
 *   shown as nothing.
 * @returns Ends it; a second call does nothing.
 */
export function bindText<SomeStore extends Store>(
  elements: Elements,
  $store: SomeStore,
  pick?: Picked<SomeStore, unknown>
): () => void

/**
 * Shows a store as an attribute of elements, as `bindText` does as their text. `true` is shown as an
 * attribute without a value; `false`, `null` and `undefined` take it away.
 *
 * ```js
 * import { bindAttribute } from 'lagoon/dom'
 * import { isCartOpen } from './cart.js'
 *
 * bindAttribute('#cart', 'hidden', isCartOpen, isOpen => !isOpen)
 * bindAttribute('#toggle', 'aria-expanded', isCartOpen, String)
 * ```
 *
 * Throws as `bindText`.
 *
 * @param elements The elements.
 * @param name The name of the attribute.
 * @param $store Any store.
 * @param pick What to show of it, as in `bindText`.
 * @returns Ends it, and leaves the attribute as it is; a second call does nothing.
 */
export function bindAttribute<SomeStore extends Store>(
  elements: Elements,
  name: string,
  $store: SomeStore,
  pick?: Picked<SomeStore, unknown>
): () => void

/**
 * Gives elements a class while a store, or what is picked of it, is truthy. Otherwise as `bindText`.
 *
 * ```js
 * import { bindClass } from 'lagoon/dom'
 * import { cartCount } from './cart.js'
 *
 * bindClass('.toggle', 'is-full', cartCount, count => count > 0)
 * ```
 *
 * Throws as `bindText`.
 *
 * @param elements The elements.
 * @param name The class.
 * @param $store Any store.
 * @param pick What decides, as in `bindText`.
 * @returns Ends it, and leaves the class as it is; a second call does nothing.
 */
export function bindClass<SomeStore extends Store>(
  elements: Elements,
  name: string,
  $store: SomeStore,
  pick?: Picked<SomeStore, unknown>
): () => void

/**
 * Keeps a store and the value of form controls the same, in both directions. A checkbox has a boolean, an
 * input of numbers a number or `null`, a `select multiple` a list of strings, all others a string. What
 * the store makes of an input, the control then shows.
 *
 * ```js
 * import { bindValue } from 'lagoon/dom'
 * import { address, isGift } from './order.js'
 *
 * bindValue('#gift', isGift)
 * bindValue('#city', address, 'city')
 * ```
 *
 * Throws as `bindText`. What a write of the store throws, the page reports.
 *
 * @param elements Inputs, selects, textareas. Radio buttons are bound together: `'[name=size]'`.
 * @param $store A store that can be written. Its value replaces what the controls have.
 * @param key A key of a map. Left out, the whole value.
 * @returns Ends both directions; a second call does nothing.
 */
export function bindValue(elements: Elements, $store: WritableStore): () => void
export function bindValue<SomeStore extends WritableStore & { setKey: unknown }>(
  elements: Elements,
  $store: SomeStore,
  key: MapStoreKeys<SomeStore>
): () => void
