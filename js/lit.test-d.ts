import { html, LitElement, type ReactiveController } from 'lit'
import { atom, computed, deepMap, map, type WritableAtom } from './index.js'
import { MultiStoreController, StoreController, useStores, withStores } from './lit.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })
const shop = deepMap({ address: { city: 'London' } })

export class Page extends LitElement {
  store: WritableAtom<number> | undefined
  count = new StoreController(this, count)
  typed: StoreController<number> = new StoreController<number>(this, count)
  label = new StoreController(this, label, { ssr: () => '0' })
  user = new StoreController(this, user, { keys: ['age', 'name'], ssr: 'initial' })
  shop = new StoreController(this, shop, { keys: 'address.city', ssr: false })
  given = new StoreController(this, () => count)
  later = new StoreController(this, () => this.store)
  all = new MultiStoreController(this, [count, label, () => this.store], {
    ssr: () => [1, 'one', undefined]
  })

  override render() {
    const number: number = this.count.value + this.typed.value + this.given.value
    const text: string = this.label.value + this.shop.value.address.city
    const age: number = this.user.value.age
    const maybe: number | undefined = this.later.value
    const [first, second, third] = this.all.values
    const values: [number, string, number | undefined] = [first, second, third]
    // @ts-expect-error The value is a number.
    const wrong: string = this.count.value
    // @ts-expect-error There may be no store yet.
    const sure: number = this.later.value
    // @ts-expect-error A value is not written here.
    this.count.value = 2
    return html`${[number, text, age, maybe, values, wrong, sure]}`
  }
}

declare const page: Page
export const controller: ReactiveController = page.count

// @ts-expect-error It is no key of the map.
new StoreController(page, user, { keys: ['city'] })
// @ts-expect-error An atom has no keys.
new StoreController(page, count, { keys: ['toFixed'] })
// @ts-expect-error The server's value is a number, too.
new StoreController(page, count, { ssr: () => 'one' })
// @ts-expect-error It is no store.
new StoreController(page, undefined)
// @ts-expect-error It has no element.
new StoreController(count)
// @ts-expect-error The second one is no store.
new MultiStoreController(page, [count, 1])
// @ts-expect-error The values are a list.
new MultiStoreController(page, [count], { ssr: () => 1 })

export class Mixed extends withStores(Page, [count, user]) {
  number: number = this.count.value
}
// @ts-expect-error It is no class of elements.
withStores(Object, [count])
// @ts-expect-error It is no store.
withStores(LitElement, [1])
export class One extends withStores(LitElement, count) {}

@useStores(count, user)
export class Decorated extends LitElement {}

@useStores([count, user])
export class DecoratedWithList extends LitElement {}

export const element: Decorated = new Decorated()
// @ts-expect-error It is no store.
useStores(1)
