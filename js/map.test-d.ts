import {
  type AnyStore,
  atom,
  computed,
  type Gettable,
  type ListenableStore,
  type MapStore,
  type MapStoreKeys,
  map,
  type PreinitializedMapStore,
  type Store,
  type StoreValue,
  type WritableStore
} from './index.js'

type User = { name: string; age?: number; readonly id: string }

const user = map<User>({ id: '1', name: 'Ada' })
const partial = map<User>()
const amounts = map<Record<string, number>>({})
const shape = map<{ kind: 'round'; radius: number } | { kind: 'square'; side: number }>({
  kind: 'round',
  radius: 1
})

// Values
export const name: string = user.get().name
export const current: User = user.value
// @ts-expect-error A map that began without a value has no keys.
export const missing: string = partial.get().name
user.set({ id: '2', name: 'Grace', age: 85 })
// @ts-expect-error A key is missing.
user.set({ id: '2' })
// @ts-expect-error A map holds an object.
map<number>(1)

// Keys
user.setKey('name', 'Grace')
user.setKey('age', undefined)
amounts.setKey('apples', 2)
amounts.setKey('apples', undefined)
shape.setKey('radius', 2)
shape.setKey('side', 2)
// @ts-expect-error The name is a text.
user.setKey('name', 1)
// @ts-expect-error The name can't be removed.
user.setKey('name', undefined)
// @ts-expect-error There is no such key.
user.setKey('email', '')
// @ts-expect-error An amount is a number.
amounts.setKey('apples', '2')

// Listeners
user.listen((value, oldValue, key: 'name' | 'age' | 'id' | undefined) => {
  if (key) console.log(value[key], oldValue?.[key])
  // @ts-expect-error Listeners do not write to the value.
  value.name = ''
})
user.subscribe((value: Readonly<User>) => value.name)
user.notify(undefined, 'name')
user.notify(user.get())
// @ts-expect-error There is no such key.
user.notify(undefined, 'email')
user.eqKey = (a, b, key) => key === 'name' || a === b
// @ts-expect-error eqKey answers yes or no.
user.eqKey = () => 1

// Kinds
export const preinitialized: PreinitializedMapStore<User> = user
export const writable: MapStore<User> = user
export const stores: Store[] = [user, partial, amounts, atom(1), computed(user, String)]
export const writables: WritableStore[] = [user, partial, amounts, atom(1)]
export const any: AnyStore<User> = user
export const gettable: Gettable<User> = any
export const listenable: ListenableStore<User> = user
const text = computed(user, String)
// @ts-expect-error A computed can't be written.
export const written: WritableStore = text
const plain = atom({ name: '' })
// @ts-expect-error An atom has no setKey.
export const keyed: MapStore = plain
// @ts-expect-error A number is no store.
export const number: Store = 1

// Types of types
export const userOf: StoreValue<typeof user> = { id: '1', name: '' }
export const keyOf: MapStoreKeys<typeof user> = 'age'
export const keysOf: MapStoreKeys<typeof shape>[] = ['kind', 'radius', 'side']
export const anyKey: MapStoreKeys<typeof amounts> = 'pears'
// @ts-expect-error There is no such key.
export const noKey: MapStoreKeys<typeof user> = 'email'
