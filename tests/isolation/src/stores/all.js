// Stores of all kinds. Each has the secret of the request that is served, or what was made of it.
import { atom, batched, computed, deepMap, map, mapCreator, onMount, share } from 'lagoon'
import { derived, writable } from 'lagoon/svelte/store'

const plain = atom('')
const shared = share('shared', atom(''))
const keys = share('keys', map({}))
const deep = deepMap({ a: { b: '' } })
const svelte = writable('')
const User = mapCreator()

const listed = computed([plain, keys], (text, { secret }) => `${text} ${secret}`)
const tracked = computed(() => `${shared.get()} ${listed.get()}`)
const late = batched([plain, shared], (a, b) => `${a} ${b}`)
const sveltes = derived([svelte, plain], ([a, b]) => `${a} ${b}`)
const mounted = atom('')
onMount(mounted, () => mounted.set(plain.get()))

/** Writes the secret wherever something can be written. */
export const write = secret => {
  plain.set(secret)
  shared.set(secret)
  keys.setKey('secret', secret)
  keys.setKey(secret, secret)
  deep.setKey('a.b', secret)
  svelte.set(secret)
  User('current').setKey('secret', secret)
}

/** All that can be read, as one text. */
export const read = () =>
  [
    plain.get(),
    plain.value,
    shared.get(),
    ...Object.values(keys.get()),
    deep.get().a.b,
    listed.get(),
    tracked.get(),
    tracked.value,
    late.get(),
    sveltes.get(),
    mounted.get(),
    User('current').get().secret
  ].join(' ')
