import { atom, deepMap, listenKeys, map, mapCreator, subscribeKeys } from './index.js'

const user = map<{ name: string; age?: number }>({ name: 'Ada' })
const shop = deepMap({ owner: { name: 'Ada' }, items: [{ id: 1 }] })
const amounts = map<Record<string, number>>({})
const product = mapCreator<{ price: number }>()

const unbind: () => void = listenKeys(user, ['name', 'age'], (value, oldValue, changed) => {
  const key: 'age' | 'name' | undefined = changed
  console.log(value.name.length, oldValue?.name.length, key)
  // @ts-expect-error It may be missing.
  oldValue.name.length
})
unbind()
subscribeKeys(user, ['age'], ({ age }) => age?.toFixed())
listenKeys(shop, ['owner.name', 'items[0].id', 'items'], (value, _oldValue, path) => {
  console.log(value.owner.name.length, path === 'items[1]')
})
subscribeKeys(amounts, ['apples'], value => console.log(value.apples))
listenKeys(product('1'), ['id', 'price'], ({ price }) => price.toFixed())
const keys = ['name'] as const
listenKeys(user, keys, () => {})

// @ts-expect-error There is no such key.
listenKeys(user, ['email'], () => {})
// @ts-expect-error There is no such path.
subscribeKeys(shop, ['owner.age'], () => {})
// @ts-expect-error An atom has no keys.
listenKeys(atom({ name: '' }), ['name'], () => {})
// @ts-expect-error Keys are given as a list.
listenKeys(user, 'name', () => {})
