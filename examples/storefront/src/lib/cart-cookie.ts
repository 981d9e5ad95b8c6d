// The cart as a cookie, which the server reads and both sides write: cart=moon-lamp=2&star-map=1
import { findProduct } from '../data/products'
import type { CartItems } from '../stores/cart'
import { isQuantity } from './quantity'

const MONTH = 30 * 24 * 60 * 60

/** The items with these ids and quantities. What is no product or no quantity is left out. */
export function itemsOf(entries: Iterable<[string, unknown]>) {
  const items: CartItems = {}
  for (const [id, value] of entries) {
    const product = findProduct(id)
    const quantity = Number(value)
    if (!product || !isQuantity(quantity)) continue
    const { name, imageSrc, price } = product
    items[id] = { id, name, imageSrc, price, quantity }
  }
  return items
}

export function parseCart(text: string) {
  return itemsOf(new URLSearchParams(text))
}

export function formatCart(items: CartItems) {
  const quantities = Object.values(items).map(({ id, quantity }) => [id, `${quantity}`])
  return `${new URLSearchParams(quantities)}`
}

/** The cart in the header `Cookie` or in `document.cookie`; undefined if there is none. */
export function readCookie(cookies: string) {
  const [, text] = /(?:^|; )cart=([^;]*)/.exec(cookies) ?? []
  return text === undefined ? undefined : parseCart(text)
}

/** For the header `Set-Cookie` or `document.cookie`. */
export function writeCookie(items: CartItems) {
  return `cart=${formatCart(items)}; Path=/; Max-Age=${MONTH}; SameSite=Lax`
}
