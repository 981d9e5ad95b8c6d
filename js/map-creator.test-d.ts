import { cleanStores, keepMount, type MapCreator, type MapStore, mapCreator } from './index.js'

type Product = { name: string; price?: number }

const product = mapCreator<Product, [shop: number, draft?: boolean]>((store, id, shop, draft) => {
  store.setKey('name', `${id.length} ${shop.toFixed()} ${draft}`)
  // @ts-expect-error There is no such key.
  store.setKey('weight', 1)
  return () => {}
})
export const creator: MapCreator<Product, [number, boolean?]> = product

const lamp = product('lamp', 1)
export const store: MapStore<{ id: string } & Product> = lamp
export const name: string = lamp.get().id + lamp.get().name
export const built: typeof lamp = product.build('lamp', 1, true)
export const cached: typeof lamp | undefined = product.cache.lamp
// @ts-expect-error The shop is missing.
product('lamp')
// @ts-expect-error The id is a text.
product(1, 1)

const plain = mapCreator<Product>()
plain('lamp').setKey('price', 1)
// @ts-expect-error There are no more arguments.
plain('lamp', 1)

mapCreator<Product, [], { extra: number }>(store => {
  store.extra = 1
})

cleanStores(product, plain)
keepMount(plain)
