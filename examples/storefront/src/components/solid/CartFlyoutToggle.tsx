/** @jsxImportSource solid-js */
import { FLYOUT_ID } from '../../lib/flyout'
import { formatCount } from '../../lib/format'
import { cartCount, isCartOpen } from '../../stores/cart'
import { useHydratedStore } from './useHydratedStore'

export default function CartFlyoutToggle() {
  const $isCartOpen = useHydratedStore(isCartOpen, false)
  const $cartCount = useHydratedStore(cartCount, 0)

  return (
    <div class="toggle">
      <small class="badge">Solid</small>
      <button
        type="button"
        class="toggle-button"
        aria-expanded={$isCartOpen()}
        aria-controls={FLYOUT_ID}
        aria-label={`Cart, ${formatCount($cartCount())}`}
        onClick={() => isCartOpen.set(!$isCartOpen())}
      >
        Cart <span class="count">{$cartCount()}</span>
      </button>
    </div>
  )
}
