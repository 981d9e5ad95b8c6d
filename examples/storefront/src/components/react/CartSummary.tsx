import { useStore } from 'lagoon/react'
import { formatCount, formatPrice } from '../../lib/format'
import { cartCount, cartTotal } from '../../stores/cart'

export default function CartSummary() {
  // The first render has to match the static HTML, which knows no cart.
  const $cartCount = useStore(cartCount, { ssr: () => 0 })
  const $cartTotal = useStore(cartTotal, { ssr: () => 0 })

  return (
    <section className="summary" aria-label="Cart in React">
      <small className="badge">React</small>
      <p>{formatCount($cartCount)}</p>
      <strong>{formatPrice($cartTotal)}</strong>
    </section>
  )
}
