// Angular: a store as a signal, and as an observable from the service that @nanostores/angular has.

import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  inject,
  InjectionToken,
  Injector,
  signal,
  untracked,
  ɵɵdefineInjectable as defineInjectable
} from '@angular/core'
import { Observable } from 'rxjs'
import { listenKeys } from './index.js'

export function injectStore(source, { keys, injector } = {}) {
  if (!injector) assertInInjectionContext(injectStore)
  const destroyRef = (injector ?? inject(Injector)).get(DestroyRef)
  const changes = signal(0)
  const change = () => changes.update(count => count + 1)
  let unbind = () => {}
  let isDestroyed = false

  function follow(store) {
    const old = unbind
    unbind = keys ? listenKeys(store, [keys].flat(), change) : store.listen(change)
    old()
  }

  // No effect: it would run later, and what is read until then would be stale
  const followed = computed(() => {
    const store = typeof source === 'function' ? source() : source
    if (!isDestroyed) untracked(() => follow(store))
    return store
  })
  if (typeof source !== 'function') untracked(followed)
  destroyRef.onDestroy(() => {
    isDestroyed = true
    unbind()
  })

  return computed(
    () => {
      const store = followed()
      changes()
      return untracked(() => store.get())
    },
    // What is a change, the store knows
    { equal: () => false }
  )
}

export class NanostoresService {
  #subscribers = new Set()

  useStore(store) {
    return new Observable(subscriber => {
      if (!this.#subscribers) return subscriber.complete()
      const unbind = store.subscribe(value => subscriber.next(value))
      this.#subscribers.add(subscriber)
      return () => {
        unbind()
        this.#subscribers?.delete(subscriber)
      }
    })
  }

  ngOnDestroy() {
    const subscribers = this.#subscribers
    this.#subscribers = undefined
    for (const subscriber of subscribers ?? []) subscriber.complete()
  }

  // What @Injectable({ providedIn: 'root' }) is compiled to, so that nothing is left to compile. As a
  // getter, for a bundler that sees a static field may keep a class that nobody uses.
  static get ɵprov() {
    return defineInjectable({
      token: NanostoresService,
      factory: () => new NanostoresService(),
      providedIn: 'root'
    })
  }
}

export const NANOSTORES = /* @__PURE__ */ new InjectionToken('NANOSTORES', {
  providedIn: 'root',
  factory: () => inject(NanostoresService)
})
