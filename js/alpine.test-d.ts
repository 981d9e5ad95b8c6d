import {
  directivePlugin,
  magicPlugin,
  modelDirectivePlugin,
  NanoStores,
  withStores
} from './alpine.js'
import { atom, computed, map } from './index.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })

export const plugins: ((Alpine: { version: string }) => void)[] = [
  directivePlugin,
  magicPlugin,
  modelDirectivePlugin,
  NanoStores
]

export const page = withStores({ count, label, user }, ({ count, user }, step: number) => ({
  first: count,
  age: user.age,
  get text(): string {
    return `${this.label} ${this.user.name} ${this.first}`
  },
  add(): number {
    this.$el.focus()
    // @ts-expect-error There is no such value.
    this.missing
    return this.count + step
  }
}))

const component = page(5)
export const number: number = component.count + component.first + component.add()
export const text: string = component.label + component.text
component.init()
component.destroy()

// @ts-expect-error It takes the step.
page()
// @ts-expect-error The value is a number.
export const wrong: string = component.count
// @ts-expect-error It is no store.
withStores({ count: 1 }, () => ({}))
