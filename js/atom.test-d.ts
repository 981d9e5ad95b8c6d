import {
  type Atom,
  atom,
  type PreinitializedWritableAtom,
  type ReadableAtom,
  readonlyType,
  type WritableAtom
} from './index.js'

const count = atom(1)
const maybe = atom<string | undefined>()
const user = atom({ name: 'Ada', tags: ['a'] })
const action = atom<(amount: number) => string>(String)

// Values
export const one: number = count.get()
export const current: number = count.value
export const initial: number | undefined = count.init
export const listeners: number = count.lc
export const text: string | undefined = maybe.get()
count.set(2)
maybe.set(undefined)
// @ts-expect-error The value is a number.
count.set('2')
// @ts-expect-error A number needs a first value.
atom<number>()
// @ts-expect-error There is one value only.
atom(1, 2)
// @ts-expect-error Only the store counts its listeners.
count.lc = 1
// @ts-expect-error Write with set.
count.value = 2
// @ts-expect-error A value of an atom that began without one may be missing.
export const missing: string = maybe.get()

// Listeners
const unbind: () => void = count.listen((value: number, oldValue: number | undefined) => {
  value.toFixed(oldValue)
})
unbind()
count.subscribe((value: number, oldValue?: number) => value.toFixed(oldValue))
count.listen(() => {})
// @ts-expect-error The old value may be missing.
count.subscribe((value: number, oldValue: number) => value.toFixed(oldValue))
user.listen((value, oldValue) => {
  // @ts-expect-error Listeners do not write to the value.
  value.name = ''
  // @ts-expect-error Nor to the old one, which may be missing.
  oldValue.name = ''
})
action.listen(run => run(1).length)

// Low-level methods
count.notify()
count.notify(0)
count.off()
count.eq = (oldValue: number | undefined, newValue: number) => oldValue === newValue
// @ts-expect-error eq answers yes or no.
count.eq = () => 'equal'

// Kinds
export const preinitialized: PreinitializedWritableAtom<number> = count
export const writable: WritableAtom<number> = count
export const readable: ReadableAtom<number> = writable
export const atoms: Atom<number>[] = [readable, writable]
const hidden = readonlyType(count)
hidden.get().toFixed()
// @ts-expect-error It can only be read now.
hidden.set(2)
// @ts-expect-error What can only be read is not writable.
export const shown: WritableAtom<number> = readable

// More properties
const named = atom<number, { label: string }>(1)
named.label = 'one'
// @ts-expect-error The label is a text.
named.label = 1
