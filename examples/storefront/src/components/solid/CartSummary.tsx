/** @jsxImportSource solid-js */
import { useStore } from 'lagoon/solid'
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'

export default function CartSummary() {
  const $cartCount = useStore(cartCount)
  const $cartTotal = useStore(cartTotal)

  return (
    <section class="summary" aria-label="Cart in Solid">
      <small class="badge">Solid</small>
      <p>{formatCount($cartCount())}</p>
      <strong>{formatPrice($cartTotal())}</strong>
    </section>
  )
}
