// What the forms send while no island is there to answer them: add=star-map, moon-lamp=3 or remove=star-map.
import type { APIRoute } from 'astro'
import { findProduct } from '../data/products'
import { writeCookie } from '../lib/cart-cookie'
import { addCartItem, cartItems, removeCartItem, setQuantity } from '../stores/cart'

function change(name: string, value: string) {
  const added = name === 'add' && findProduct(value)
  if (added) addCartItem(added)
  else if (name === 'remove') removeCartItem(value)
  else setQuantity(name, Number(value))
}

export const POST: APIRoute = async ({ request, url }) => {
  let form: FormData
  try {
    form = await request.formData()
  } catch {
    return new Response('This is no form of the shop.', { status: 400 })
  }
  for (const [name, value] of form) change(name, `${value}`)

  const referrer = URL.parse(request.headers.get('referer') ?? '')
  const back = referrer?.host === url.host ? referrer : new URL('/', url)
  back.searchParams.set('cart', 'open')
  return new Response(null, {
    status: 303,
    headers: { Location: back.href, 'Set-Cookie': writeCookie(cartItems.get()) }
  })
}
