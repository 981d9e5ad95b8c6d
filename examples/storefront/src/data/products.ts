// The catalogue: the one place that knows names and prices.
import products from './products.json'

export type Product = (typeof products)[number]

export { products }

export function findProduct(id: string) {
  return products.find(product => product.id === id)
}
