import { createMemo, createSignal, type Accessor } from 'solid-js'
import { atom, computed, map, type ReadableAtom, type WritableAtom } from './index.js'
import { fromSignal, toSignal, type UseStoreOptions, useStore } from './solid.js'

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

const [pieces, setPieces, stop] = toSignal(count)
export const written: number = setPieces(value => value + pieces())
setPieces(2)
stop()
export const drawn: Accessor<string> = toSignal(label)[0]
export const signal: WritableAtom<number> = fromSignal(createSignal(1))
export const custom: WritableAtom<number> = fromSignal([pieces, value => value.toFixed()])
export const memo: ReadableAtom<string> = fromSignal(createMemo(() => 'a'))

// @ts-expect-error The value is a number.
setPieces('one')
// @ts-expect-error A computed store cannot be written.
toSignal(label)[1]('a')
// @ts-expect-error Nor can a memo.
fromSignal(createMemo(() => 'a')).set('b')
