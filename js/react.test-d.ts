import { atom, computed, deepMap, map } from './index.js'
import { type UseStoreOptions, useLoadingStore, useStore } from './react.js'

const count = atom<number>(1)
const label = computed(count, value => `${value}`)
const user = map({ name: 'Ada', age: 36 })
const shop = deepMap({ address: { city: 'London' } })

export function Page() {
  const number: number = useStore(count)
  const text: string = useStore(label, { ssr: () => '0', deps: [label] })
  const age: number = useStore(user, { keys: ['age', 'name'], ssr: 'initial' }).age
  const city: string = useStore(shop, { keys: ['address.city'], ssr: false }).address.city
  const options: UseStoreOptions<typeof user> = { keys: ['name'] }
  const keys = ['name'] as const

  // @ts-expect-error The value is a number.
  const wrong: string = useStore(count)
  // @ts-expect-error It is no key of the map.
  useStore(user, { keys: ['city'] })
  // @ts-expect-error An atom has no keys.
  useStore(count, { keys: ['toFixed'] })
  // @ts-expect-error The server's value is a number, too.
  useStore(count, { ssr: () => 'one' })
  // @ts-expect-error There is no such way.
  useStore(count, { ssr: 'current' })
  // @ts-expect-error It is no store.
  useStore(undefined)

  return [number, text, age, city, wrong, useStore(user, options), useStore(user, { keys })].length
}

export function useLoaded(
  stock: import('./index.js').ReadableAtom<
    { isLoading: true } | { isLoading: false; count: number }
  >,
  user: import('./index.js').ReadableAtom<
    | { state: 'loading' }
    | { state: 'ready'; value: { name: string }; changing: boolean }
    | { state: 'failed'; error: unknown; changing: boolean }
  >
): [number, string] {
  // @ts-expect-error Its value does not say whether it is loading.
  useLoadingStore({} as import('./index.js').ReadableAtom<number>)
  return [useLoadingStore(stock).count, useLoadingStore(user).name]
}
