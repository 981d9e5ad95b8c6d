import { atom, computed, map } from './index.js'
import { useStore } from './svelte.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })

const number = useStore(count)
number.current = number.current + 1
useStore(user).current = { name: 'Grace', age: 37 }
export const text: string = useStore(label).current

// @ts-expect-error The value is a number.
number.current = 'one'
// @ts-expect-error A computed store cannot be written.
useStore(label).current = '1'
// @ts-expect-error The value is a string.
export const wrong: number = useStore(label).current
// @ts-expect-error It is no store.
useStore(undefined)
