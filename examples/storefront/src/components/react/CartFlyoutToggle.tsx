import { useStore } from 'lagoon/react'
import { FLYOUT_ID } from '../../lib/flyout'
import { formatCount } from '../../lib/format'
import { cartCount, isCartOpen } from '../../stores/cart'

export default function CartFlyoutToggle() {
  // The first render has to match the static HTML, which knows no cart.
  const $isCartOpen = useStore(isCartOpen, { ssr: 'initial' })
  const $cartCount = useStore(cartCount, { ssr: () => 0 })

  return (
    <div className="toggle">
      <small className="badge">React</small>
      <button
        type="button"
        className="toggle-button"
        aria-expanded={$isCartOpen}
        aria-controls={FLYOUT_ID}
        aria-label={`Cart, ${formatCount($cartCount)}`}
        onClick={() => isCartOpen.set(!$isCartOpen)}
      >
        Cart <span className="count">{$cartCount}</span>
      </button>
    </div>
  )
}
