import type { Ref } from 'vue'
import { atom, computed, map } from './index.js'
import { mapStores, registerStore, useStore, useVModel } from './vue.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })

const number = useStore(count)
export const value: number = number.value
export const text: string = useStore(label).value
export const age: number = useStore(user).value.age

// @ts-expect-error The ref is read-only.
number.value = 2
// @ts-expect-error And so is what it holds.
useStore(user).value.age = 37
// @ts-expect-error The value is a number.
export const wrong: string = useStore(count).value
// @ts-expect-error It is no store.
useStore(undefined)

const both = mapStores({ count, user })
export const sum: number = both.count + both.user.age
// @ts-expect-error The object is read-only.
both.count = 2
// @ts-expect-error There is no such store.
both.label

export const whole: Ref<number> = useVModel(count)
export const name: Ref<string> = useVModel(user, 'name')
const models = useVModel(user, ['name', 'age'])
models.nameModel.value = 'Grace'
models.ageModel.value++
const fields = useVModel(user, ['name'], { prefix: 'Field' })
fields.nameField.value = 'Grace'
// @ts-expect-error It is no key of the map.
useVModel(user, 'city')
// @ts-expect-error The key is not in the list.
useVModel(user, ['name']).ageModel
// @ts-expect-error The value is a string.
models.nameModel.value = 1

registerStore(count)
// @ts-expect-error It is no store.
registerStore(1)
