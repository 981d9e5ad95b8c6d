// Browsers: the cart is kept in a cookie, and all tabs have the same.
import { onNotify, type MapStore } from 'lagoon'
import { formatCart, itemsOf, parseCart, readCookie, writeCookie } from '../lib/cart-cookie'
import type { CartItems } from './cart'

const NAME = 'cart'

// Where cookies are refused, reading them may throw. The cart then lasts as long as the page.
function loadCart() {
  try {
    return readCookie(document.cookie)
  } catch {
    return undefined
  }
}

function saveCart(items: CartItems) {
  try {
    document.cookie = writeCookie(items)
  } catch {}
}

function openChannel() {
  try {
    return new BroadcastChannel(NAME)
  } catch {
    return undefined
  }
}

/** Moves a cart that an earlier version of the shop has saved into the cookie. */
function moveOldCart() {
  try {
    const json = localStorage.getItem(NAME)
    if (json === null) return
    const old: CartItems = JSON.parse(json) ?? {}
    const entries = Object.entries(old).map(([id, item]): [string, unknown] => [id, item?.quantity])
    saveCart({ ...itemsOf(entries), ...loadCart() })
    if (loadCart()) localStorage.removeItem(NAME)
  } catch {}
}

export function keepCart(cartItems: MapStore<CartItems>) {
  const follow = (items: CartItems | undefined) => {
    if (items && formatCart(items) !== formatCart(cartItems.get())) cartItems.set(items)
  }
  const channel = openChannel()

  moveOldCart()
  // A page that the browser has kept may be older than the cookie, and so may one in the background
  const catchUp = () => follow(loadCart())
  catchUp()
  addEventListener('pageshow', catchUp)
  addEventListener('visibilitychange', catchUp)
  channel?.addEventListener('message', ({ data }) => follow(parseCart(data)))

  // Shoppers change one key at a time. A change of everything comes from elsewhere.
  onNotify(cartItems, ({ changed }) => {
    if (!changed) return
    saveCart(cartItems.get())
    channel?.postMessage(formatCart(cartItems.get()))
  })
}
