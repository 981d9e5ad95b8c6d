import { Component, type InjectionToken, inject, input, type Signal } from '@angular/core'
import type { Observable } from 'rxjs'
import { injectStore, NANOSTORES, NanostoresService } from './angular.js'
import { atom, computed, deepMap, map, type WritableAtom } from './index.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })
const shop = deepMap({ address: { city: 'London' } })

@Component({ selector: 'test-page', template: '{{ count() }}' })
export class Page {
  readonly store = input.required<WritableAtom<number>>()
  readonly count: Signal<number> = injectStore(count)
  readonly label: Signal<string> = injectStore(label)
  readonly age: number = injectStore(user, { keys: ['age', 'name'] })().age
  readonly city: string = injectStore(shop, { keys: 'address.city' })().address.city
  readonly given: Signal<number> = injectStore(this.store)
  readonly read: Signal<number> = injectStore(() => this.store())
  readonly values: Observable<number> = inject(NanostoresService).useStore(count)
  readonly texts: Observable<string> = inject(NANOSTORES).useStore(label)
}

export const token: InjectionToken<NanostoresService> = NANOSTORES
export const providers = [{ provide: NANOSTORES, useClass: NanostoresService }]

// @ts-expect-error The value is a number.
export const wrong: Signal<string> = injectStore(count)
// @ts-expect-error The signal is read-only.
injectStore(count).set(2)
// @ts-expect-error It is no key of the map.
injectStore(user, { keys: ['city'] })
// @ts-expect-error An atom has no keys.
injectStore(count, { keys: ['toFixed'] })
// @ts-expect-error It is no store.
injectStore(undefined)
// @ts-expect-error It returns no store.
injectStore(() => 1)
// @ts-expect-error It is no store.
new NanostoresService().useStore(1)
