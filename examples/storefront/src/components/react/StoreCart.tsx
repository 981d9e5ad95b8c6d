import { useStore } from 'lagoon/react'
import type { ReactNode, SubmitEvent } from 'react'
import { formatCount, formatPrice } from '../../lib/format'
import { addCartItem, cartCount, cartTotal, type Product } from '../../stores/cart'

type Props = { product: Product; children: ReactNode }

export default function StoreCart({ product, children }: Props) {
  // The first render has to match the static HTML, which knows no cart.
  const $cartCount = useStore(cartCount, { ssr: () => 0 })
  const $cartTotal = useStore(cartTotal, { ssr: () => 0 })

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
      <form className="add-form" onSubmit={addToCart}>
        {children}
        <small className="badge">Lagoon's stores</small>
      </form>
    </>
  )
}
