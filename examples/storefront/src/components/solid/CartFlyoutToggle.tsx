/** @jsxImportSource solid-js */
import { useStore } from 'lagoon/solid'
import { FLYOUT_ID, TOGGLE_ID } from '../../lib/flyout'
import { formatCount } from '../../lib/format'
import { cartCount, isCartOpen } from '../../stores/cart'

export default function CartFlyoutToggle() {
  const $isCartOpen = useStore(isCartOpen)
  const $cartCount = useStore(cartCount)

  function toggle(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(!$isCartOpen())
  }

  return (
    <form class="toggle" id={TOGGLE_ID} onSubmit={toggle}>
      <small class="badge">Solid</small>
      <button
        name="cart"
        value={$isCartOpen() ? 'closed' : 'open'}
        class="toggle-button"
        aria-expanded={$isCartOpen()}
        aria-controls={FLYOUT_ID}
        aria-label={`Cart, ${formatCount($cartCount())}`}
      >
        Cart <span class="count">{$cartCount()}</span>
      </button>
    </form>
  )
}
