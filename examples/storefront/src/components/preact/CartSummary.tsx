/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'

export default function CartSummary() {
  const $cartCount = useStore(cartCount)
  const $cartTotal = useStore(cartTotal)

  return (
    <section class="summary" aria-label="Cart in Preact">
      <small class="badge">Preact</small>
      <p>{formatCount($cartCount)}</p>
      <strong>{formatPrice($cartTotal)}</strong>
    </section>
  )
}
