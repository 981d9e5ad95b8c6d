// The cart for those who know events: `cart` tells what is in it, `cart:add` puts a product into it.
import { computed } from 'lagoon'
import { dispatchOn, fromEvent } from 'lagoon/dom'
import { formatCount, formatPrice } from '../lib/format'
import { addCartItem, cartCount, cartTotal } from './cart'

const cart = computed([cartCount, cartTotal], (count, total) => ({
  count: formatCount(count),
  total: formatPrice(total)
}))

dispatchOn(cart, document, 'cart')
fromEvent(document, 'cart:add').listen(event => event && addCartItem(event.detail))

// What was saved is in the cart from the beginning, and no change
document.dispatchEvent(new CustomEvent('cart', { detail: cart.get() }))
