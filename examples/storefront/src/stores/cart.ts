import { atom, computed, map, onMount, onNotify } from 'lagoon'
import { onCartWritten, readCart, writeCart } from './storage'

export type CartItem = {
  id: string
  name: string
  imageSrc: string
  /** For one piece, in cents. */
  price: number
  quantity: number
}
export type CartItems = Record<string, CartItem>
export type Product = Omit<CartItem, 'quantity'>

export const MAX_QUANTITY = 99

export const isCartOpen = atom(false)
export const cartItems = map<CartItems>({})
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
  if (!item || quantity < 1 || quantity > MAX_QUANTITY) return
  cartItems.setKey(id, { ...item, quantity })
  cartMessage.set(`${item.name}, quantity: ${quantity}`)
}

export function removeCartItem(id: string) {
  const item = cartItems.get()[id]
  if (!item) return
  cartItems.setKey(id, undefined)
  cartMessage.set(`${item.name} removed from your cart`)
}

onMount(cartItems, () => {
  if (typeof window === 'undefined') return

  const load = () => {
    const saved = readCart()
    if (saved) cartItems.set(saved)
  }
  load()
  return onCartWritten(load)
})

// Shoppers change one key at a time. A change of everything is what load() has just read.
onNotify(cartItems, ({ changed }) => {
  if (changed) writeCart(cartItems.get())
})
