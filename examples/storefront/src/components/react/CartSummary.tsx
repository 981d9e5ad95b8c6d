import { useStore } from 'lagoon/react'
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'

export default function CartSummary() {
  const $cartCount = useStore(cartCount)
  const $cartTotal = useStore(cartTotal)

  return (
    <section className="summary" aria-label="Cart in React">
      <small className="badge">React</small>
      <p>{formatCount($cartCount)}</p>
      <strong>{formatPrice($cartTotal)}</strong>
    </section>
  )
}
