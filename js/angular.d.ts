import type {
  InjectionToken,
  Injector,
  OnDestroy,
  Signal,
  ɵɵInjectableDeclaration as InjectableDeclaration
} from '@angular/core'
import type { Observable } from 'rxjs'
import type { MapStoreKeys, Store, StoreValue } from './index.js'

export interface InjectStoreOptions<SomeStore> {
  /**
   * The signal changes only when one of these keys of a map changes. Without a list every change
   * counts.
   */
  keys?: SomeStore extends { setKey: unknown }
    ? readonly MapStoreKeys<SomeStore>[] | MapStoreKeys<SomeStore>
    : never

  /** Whose end ends the listening. Needed outside of an injection context, like a constructor. */
  injector?: Injector
}

/**
 * Makes a store a signal.
 *
 * The signal listens until the component, directive or service it was made in is destroyed, on a
 * server, too. After that it keeps its value. It changes when the store does, not when the value
 * differs: the store knows what a change is. To write, use `set` of the store.
 *
 * Given a signal that holds a store, or a function that reads one, it listens to that store from
 * the first reading on, and follows when it becomes another one.
 *
 * Throws a `TypeError` if it gets what is no store, and Angular's error NG0203 outside of an
 * injection context if it gets no injector.
 *
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectStore } from 'lagoon/angular'
 * import { isCartOpen } from '../cart.js'
 *
 * @Component({
 *   selector: 'cart-flyout',
 *   template: '@if (isOpen()) { <aside>Your cart is empty.</aside> }'
 * })
 * export class CartFlyout {
 *   readonly isOpen = injectStore(isCartOpen)
 * }
 * ```
 *
 * @param store Any store, or a signal or function that returns one.
 * @param options Which changes count, and who ends it.
 * @returns A read-only signal with the current value.
 */
export function injectStore<SomeStore extends Store>(
  store: SomeStore | (() => SomeStore),
  options?: InjectStoreOptions<SomeStore>
): Signal<StoreValue<SomeStore>>

/**
 * Makes stores observables, as the service of `@nanostores/angular` does. New code takes
 * `injectStore`.
 *
 * The service is provided in the root. It needs no Angular compiler, whether the application is
 * compiled ahead of time or not.
 *
 * ```ts
 * import { AsyncPipe } from '@angular/common'
 * import { Component, inject } from '@angular/core'
 * import { NanostoresService } from 'lagoon/angular'
 * import { cartCount } from '../cart.js'
 *
 * @Component({
 *   selector: 'cart-count',
 *   imports: [AsyncPipe],
 *   template: '{{ count | async }}'
 * })
 * export class CartCount {
 *   readonly count = inject(NanostoresService).useStore(cartCount)
 * }
 * ```
 */
export class NanostoresService implements OnDestroy {
  /**
   * Makes a store an observable, which gives the current value to each subscriber at once, and then
   * every change.
   *
   * It listens for each subscriber, until that unsubscribes. It is complete when the service is
   * destroyed. What is no store is a `TypeError` that the subscriber gets.
   *
   * ```ts
   * inject(NanostoresService)
   *   .useStore(cartCount)
   *   .subscribe(count => console.log(count))
   * ```
   *
   * @param store Any store.
   * @returns A cold observable of its value.
   */
  useStore<Value>(store: Store<Value>): Observable<Value>

  /** Completes the observables of this service. Angular calls it. */
  ngOnDestroy(): void

  /** @internal */
  static ɵprov: InjectableDeclaration<NanostoresService>
}

/**
 * A token for the service, for those who provide another one under it. By default it gives the one
 * of the root.
 *
 * ```ts
 * const providers = [{ provide: NANOSTORES, useClass: NanostoresService }]
 * ```
 */
export const NANOSTORES: InjectionToken<NanostoresService>
