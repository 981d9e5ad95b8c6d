import { useStore } from 'lagoon/react'
import type { SubmitEvent } from 'react'
import { FLYOUT_ID, TOGGLE_ID } from '../../lib/flyout'
import { formatCount } from '../../lib/format'
import { cartCount, isCartOpen } from '../../stores/cart'

export default function CartFlyoutToggle() {
  const $isCartOpen = useStore(isCartOpen)
  const $cartCount = useStore(cartCount)

  function toggle(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(!$isCartOpen)
  }

  return (
    <form className="toggle" id={TOGGLE_ID} onSubmit={toggle}>
      <small className="badge">React</small>
      <button
        name="cart"
        value={$isCartOpen ? 'closed' : 'open'}
        className="toggle-button"
        aria-expanded={$isCartOpen}
        aria-controls={FLYOUT_ID}
        aria-label={`Cart, ${formatCount($cartCount)}`}
      >
        Cart <span className="count">{$cartCount}</span>
      </button>
    </form>
  )
}
