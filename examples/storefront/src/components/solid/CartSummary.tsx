/** @jsxImportSource solid-js */
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'
import { useHydratedStore } from './useHydratedStore'

export default function CartSummary() {
  const $cartCount = useHydratedStore(cartCount, 0)
  const $cartTotal = useHydratedStore(cartTotal, 0)

  return (
    <section class="summary" aria-label="Cart in Solid">
      <small class="badge">Solid</small>
      <p>{formatCount($cartCount())}</p>
      <strong>{formatPrice($cartTotal())}</strong>
    </section>
  )
}
