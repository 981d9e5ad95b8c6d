import { atom, type DeepMapStore, deepMap, getKey, map, type Store } from './index.js'

type Shop = {
  owner: { name: string; email?: string }
  items: { id: number; tags: string[] }[]
  stock: Record<string, number>
}

const shop = deepMap<Shop>({ owner: { name: 'Ada' }, items: [], stock: {} })

export const store: DeepMapStore<Shop> = shop
export const stores: Store[] = [shop]
export const name: string = shop.get().owner.name

shop.setKey('owner', { name: 'Grace' })
shop.setKey('owner.name', 'Grace')
shop.setKey('owner.email', undefined)
shop.setKey('items[0]', { id: 1, tags: [] })
shop.setKey('items[0].tags[1]', 'new')
shop.setKey('stock.apples', 1)
shop.setKey('stock.apples', undefined)
// @ts-expect-error The name is a text.
shop.setKey('owner.name', 1)
// @ts-expect-error The name can't be removed.
shop.setKey('owner.name', undefined)
// @ts-expect-error There is no such path.
shop.setKey('owner.age', 1)
// @ts-expect-error An index is a number.
shop.setKey('items[first]', { id: 1, tags: [] })
// @ts-expect-error Stock is counted.
shop.setKey('stock.apples', 'many')

shop.listen((value: Shop, oldValue: Shop | undefined, path) => {
  if (path === 'items[0].id') console.log(value, oldValue)
  // @ts-expect-error There is no such path.
  if (path === 'items.id') console.log(value)
})
shop.subscribe(({ owner }) => owner.name.length)
shop.notify(undefined, 'owner')
// @ts-expect-error There is no such path.
shop.notify(undefined, 'nobody')

export const owner: string = getKey(shop, 'owner.name')
export const id: number = getKey(atom({ items: [{ id: 1 }] }), 'items[0].id')
export const tag: string = getKey(map({ tags: ['a'] }), 'tags[0]')
// @ts-expect-error There is no such path.
getKey(shop, 'owner.age')
