import { BehaviorSubject } from 'rxjs'
import type { Readable as SvelteReadable, Writable as SvelteWritable } from 'svelte/store'
import { atom, computed, map } from './index.js'
import { derived, get, readable, readonly, writable, type Readable } from './svelte-store.js'

const count = writable(1)
count.set(2)
count.update(value => value + 1)
export const unset: number | undefined = get(writable<number>())

// As stores of Svelte
export const forSvelte: SvelteWritable<number> = count
export const forReading: SvelteReadable<number> = readonly(count)

// As stores of Lagoon
export const double: number = computed(count, value => value * 2).get()
export const text: string = computed([count, readable('a')], (a, b) => a + b).get()

const name = atom('Ada')
const user = map({ name: 'Ada', age: 36 })
const all = derived([count, name, user, new BehaviorSubject(true)], ([a, b, c, d]) => {
  return [a.toFixed(), b.trim(), c.age.toFixed(), !d]
})
export const list: (string | boolean)[] = get(all)
export const later: Readable<string> = derived(
  count,
  (value, set: (text: string) => void) => {
    const timer = setTimeout(() => set(value.toFixed()))
    return () => clearTimeout(timer)
  },
  ''
)
export const ticks = readable(0, (set, update) => {
  set(1)
  update(value => value + 1)
  return () => {}
})

// @ts-expect-error The value is a number.
count.set('one')
// @ts-expect-error A derived store cannot be written.
all.set([])
// @ts-expect-error Nor can a readonly one.
readonly(count).update(value => value)
// @ts-expect-error It is no store.
derived({}, value => value)
