import { atom, batched, computed, map, type ReadableAtom, type StoreValues, task } from './index.js'

const count = atom(1)
const label = atom<string | undefined>()
const user = map({ name: 'Ada' })

// One store, many stores
export const double: ReadableAtom<number> = computed(count, value => value * 2)
export const text = computed([count, label, user], (value, name, { name: first }) => {
  return `${value.toFixed()} ${name?.length} ${first.length}`
})
export const length: number = text.get().length
export const two: ReadableAtom<{ value: number; name: string }> = computed(
  [count, user],
  (value, { name }) => ({ value, name })
)
export const literal: ReadableAtom<'many' | 'one'> = computed(count, value =>
  value > 1 ? 'many' : 'one'
)
export const chain: ReadableAtom<boolean> = computed(double, value => value > 2)
export const nothing: ReadableAtom<undefined> = computed(count, () => undefined)
const list = [count, double] as const
computed(list, (a, b) => a + b)

// @ts-expect-error A computed can't be written.
double.set(1)
// @ts-expect-error The value is a number.
computed(count, value => value.length)
// @ts-expect-error There are two values only.
computed([count, label], (_value, _name, _third) => 1)
// @ts-expect-error The value is a number.
export const wrong: ReadableAtom<string> = computed(count, value => value)
// @ts-expect-error A number is no store.
computed(1, () => 1)
// @ts-expect-error It needs a function.
computed(count)

// Later
export const late: ReadableAtom<number | undefined> = computed(count, value =>
  task(async () => value)
)
export const latest: ReadableAtom<string | undefined> = computed([count, user], (value, { name }) =>
  task(() => Promise.resolve(name.repeat(value)))
)
// @ts-expect-error There is no value before the task ends.
export const early: ReadableAtom<number> = computed(count, value => task(async () => value))

// Batched
export const sum: ReadableAtom<number> = batched([count, double], (a, b) => a + b)
export const half: ReadableAtom<number> = batched(count, value => value / 2)
// @ts-expect-error A computed can't be written.
half.set(1)
// @ts-expect-error The value is a number.
batched([count, user], value => value.length)

// Types of types
export const values: StoreValues<[typeof count, typeof user]> = [1, { name: '' }]
// @ts-expect-error The first one is a number.
export const noValues: StoreValues<[typeof count, typeof user]> = ['', { name: '' }]

// What its function reads
export const total: ReadableAtom<number> = computed(() => count.get() + double.get())
export const name: ReadableAtom<string | undefined> = batched(() => label.get())
// @ts-expect-error A computed can't be written.
computed(() => count.get()).set(1)
// @ts-expect-error It gets no values.
computed(value => value)
