/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'

export default function CartSummary() {
  // The first render has to match the static HTML, which knows no cart.
  const $cartCount = useStore(cartCount, { ssr: () => 0 })
  const $cartTotal = useStore(cartTotal, { ssr: () => 0 })

  return (
    <section class="summary" aria-label="Cart in Preact">
      <small class="badge">Preact</small>
      <p>{formatCount($cartCount)}</p>
      <strong>{formatPrice($cartTotal)}</strong>
    </section>
  )
}
