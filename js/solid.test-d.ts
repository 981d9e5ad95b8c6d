import type { Accessor } from 'solid-js'
import { atom, computed, map } from './index.js'
import { type UseStoreOptions, useStore } from './solid.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })

export const number: Accessor<number> = useStore(count)
export const text: string = useStore(label)()
export const age: number = useStore(user, { key: 'slug', merge: true })().age
export const rows: UseStoreOptions = { key: null }

// @ts-expect-error The value is a number.
export const wrong: Accessor<string> = useStore(count)
// @ts-expect-error There is no such option.
useStore(user, { keys: ['name'] })
// @ts-expect-error It is no store.
useStore(undefined)
