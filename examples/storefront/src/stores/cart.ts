import { atom, computed, map, share } from 'lagoon'
import type { Product } from '../data/products'
import { isQuantity, MAX_QUANTITY } from '../lib/quantity'
import { keepCart } from './keep-cart'

export type CartItem = {
  id: string
  name: string
  imageSrc: string
  /** For one piece, in cents. */
  price: number
  quantity: number
}
export type CartItems = Record<string, CartItem>

// What the server writes into these two for a request, the islands of its page begin with.
export const isCartOpen = share('isCartOpen', atom(false))
export const cartItems = share('cart', map<CartItems>({}))
/** The last thing that happened to the cart, for screen readers. */
export const cartMessage = atom('')

export const cartCount = computed(() =>
  Object.values(cartItems.get()).reduce((count, { quantity }) => count + quantity, 0)
)
export const cartTotal = computed(() =>
  Object.values(cartItems.get()).reduce((total, { price, quantity }) => total + price * quantity, 0)
)

export function addCartItem({ id, name, imageSrc, price }: Product) {
  const inCart = cartItems.get()[id]?.quantity ?? 0
  const quantity = Math.min(inCart + 1, MAX_QUANTITY)
  cartItems.setKey(id, { id, name, imageSrc, price, quantity })
  cartMessage.set(`${name} added to your cart. Quantity: ${quantity}`)
}

export function setQuantity(id: string, quantity: number) {
  const item = cartItems.get()[id]
  if (!item || !isQuantity(quantity)) return
  cartItems.setKey(id, { ...item, quantity })
  cartMessage.set(`${item.name}, quantity: ${quantity}`)
}

export function removeCartItem(id: string) {
  const item = cartItems.get()[id]
  if (!item) return
  cartItems.setKey(id, undefined)
  cartMessage.set(`${item.name} removed from your cart`)
}

if (!import.meta.env.SSR) keepCart(cartItems)
