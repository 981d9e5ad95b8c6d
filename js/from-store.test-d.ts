import { BehaviorSubject, type Observable } from 'rxjs'
import { readable, writable } from 'svelte/store'
import { computed, fromStore, type ReadableAtom, type WritableAtom } from './index.js'

const count: WritableAtom<number> = fromStore(writable(1))
count.set(2)
export const text: ReadableAtom<string> = fromStore(readable('a'))
export const length: number = computed(text, value => value.length).get()
export const subject: ReadableAtom<number> = fromStore(new BehaviorSubject(1))
export const observable = (source: Observable<string>): ReadableAtom<string> => fromStore(source)

// @ts-expect-error The value is a number.
count.set('one')
// @ts-expect-error A readable store of Svelte cannot be written.
fromStore(readable('a')).set('b')
// @ts-expect-error It cannot be subscribed to.
fromStore({ get: () => 1 })
