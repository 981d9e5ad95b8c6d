// Before a page is made, the cart of its visitor is in the stores. Each request has its own lagoon.
import { defineMiddleware } from 'astro:middleware'
import { readCookie } from './lib/cart-cookie'
import { cartItems, isCartOpen } from './stores/cart'

export const onRequest = defineMiddleware(async ({ request, url }, next) => {
  cartItems.set(readCookie(request.headers.get('cookie') ?? '') ?? {})
  isCartOpen.set(url.searchParams.get('cart') === 'open')
  const response = await next()
  // It is this visitor's page, as it is now
  response.headers.set('Cache-Control', 'private, no-cache')
  return response
})
