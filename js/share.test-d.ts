import { atom, computed, map, type MapStore, type ReadableAtom, share } from './index.js'

const cart: MapStore<{ count: number }> = share('cart', map({ count: 0 }))
const label: ReadableAtom<string> = share(
  'label',
  computed(cart, ({ count }) => `${count}`)
)
label.get()
share('theme', atom<'dark' | 'light'>('dark'), { accepts: value => value === 'dark' })

// @ts-expect-error A name is a text
share(1, atom(1))

// @ts-expect-error Not a store
share('a', { get: () => 1 })

// @ts-expect-error The value is a number
share('b', atom(1), { accepts: (value: string) => value === '' })
