/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import { FLYOUT_ID } from '../../lib/flyout'
import { formatCount } from '../../lib/format'
import { cartCount, isCartOpen } from '../../stores/cart'

export default function CartFlyoutToggle() {
  // The first render has to match the static HTML, which knows no cart.
  const $isCartOpen = useStore(isCartOpen, { ssr: 'initial' })
  const $cartCount = useStore(cartCount, { ssr: () => 0 })

  return (
    <div class="toggle">
      <small class="badge">Preact</small>
      <button
        type="button"
        class="toggle-button"
        aria-expanded={$isCartOpen}
        aria-controls={FLYOUT_ID}
        aria-label={`Cart, ${formatCount($cartCount)}`}
        onClick={() => isCartOpen.set(!$isCartOpen)}
      >
        Cart <span class="count">{$cartCount}</span>
      </button>
    </div>
  )
}
