import { useStore } from 'lagoon/react'
import type { ReactNode, SubmitEvent } from 'react'
import type { Product } from '../../data/products'
import { formatCount, formatPrice } from '../../lib/format'
import { addCartItem, cartCount, cartTotal } from '../../stores/cart'

type Props = { product: Product; children: ReactNode }

export default function StoreCart({ product, children }: Props) {
  const $cartCount = useStore(cartCount)
  const $cartTotal = useStore(cartTotal)

  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    addCartItem(product)
  }

  return (
    <>
      <section className="card-cart" aria-label="Cart in Lagoon's stores">
        <p>{formatCount($cartCount)}</p>
        <strong>{formatPrice($cartTotal)}</strong>
      </section>
      <form className="add-form" method="post" action="/cart" onSubmit={addToCart}>
        {children}
        <small className="badge">Lagoon's stores</small>
      </form>
    </>
  )
}
