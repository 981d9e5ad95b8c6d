import { isCartOpen } from '../stores/cart'

export const FLYOUT_ID = 'cart-flyout'
/** The forms that speak to the server while no island is there to answer. */
export const TOGGLE_ID = 'cart-toggle'
export const CHANGES_ID = 'cart-changes'

/** Manners of an open flyout. Call it with the panel; it returns the clean-up. */
export function watchFlyout(panel: HTMLElement) {
  const isOpenedByToggle = document.activeElement?.getAttribute('aria-controls') === FLYOUT_ID
  if (isOpenedByToggle) panel.focus()

  const closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') closeCart()
  }
  document.addEventListener('keydown', closeOnEscape)
  // From here on the island answers, and no form is sent
  panel.addEventListener('click', event => event.preventDefault())
  return () => document.removeEventListener('keydown', closeOnEscape)
}

/** Closes the flyout and, if the focus was in it, gives it back to the toggle. */
export function closeCart() {
  if (document.getElementById(FLYOUT_ID)?.contains(document.activeElement)) {
    document.querySelector<HTMLElement>(`[aria-controls="${FLYOUT_ID}"]`)?.focus()
  }
  isCartOpen.set(false)
}

/** For a button that is about to disappear together with the focus. */
export function focusFlyout() {
  document.getElementById(FLYOUT_ID)?.focus()
}
