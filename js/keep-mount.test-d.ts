import { atom, computed, keepMount, map } from './index.js'

export const nothing: void = keepMount(atom(1))
keepMount(map({ name: '' }))
keepMount(computed(atom(1), String))
// @ts-expect-error A number is no store.
keepMount(1)
