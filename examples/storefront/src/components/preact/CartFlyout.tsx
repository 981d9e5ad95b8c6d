/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import { useEffect, useRef } from 'preact/hooks'
import { closeCart, FLYOUT_ID, focusFlyout, watchFlyout } from '../../lib/flyout'
import { formatPrice } from '../../lib/format'
import {
  cartItems,
  cartMessage,
  cartTotal,
  isCartOpen,
  MAX_QUANTITY,
  removeCartItem,
  setQuantity
} from '../../stores/cart'

export default function CartFlyout() {
  // The first render has to match the static HTML: no message, no flyout.
  const $isCartOpen = useStore(isCartOpen, { ssr: 'initial' })
  const $cartMessage = useStore(cartMessage, { ssr: 'initial' })
  const $cartItems = useStore(cartItems)
  const $cartTotal = useStore(cartTotal)
  const items = Object.values($cartItems)

  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if ($isCartOpen && panel.current) return watchFlyout(panel.current)
  }, [$isCartOpen])

  return (
    <>
      <p role="status" class="visually-hidden">
        {$cartMessage}
      </p>
      {$isCartOpen && (
        <aside class="flyout" id={FLYOUT_ID} aria-labelledby="cart-title" tabindex={-1} ref={panel}>
          <div class="flyout-head">
            <h2 id="cart-title">Your cart</h2>
            <small class="badge">Preact</small>
            <button type="button" class="close" aria-label="Close cart" onClick={closeCart}>
              ×
            </button>
          </div>
          {items.length ? (
            <>
              <ul class="lines">
                {items.map(({ id, name, imageSrc, price, quantity }) => (
                  <li key={id} class="line">
                    <img src={imageSrc} alt="" width={72} height={72} />
                    <h3>{name}</h3>
                    <p class="line-price">{formatPrice(price * quantity)}</p>
                    <div class="stepper">
                      <button
                        type="button"
                        aria-label={`Decrease quantity of ${name}`}
                        aria-disabled={quantity === 1}
                        onClick={() => setQuantity(id, quantity - 1)}
                      >
                        −
                      </button>
                      <p>Quantity: {quantity}</p>
                      <button
                        type="button"
                        aria-label={`Increase quantity of ${name}`}
                        aria-disabled={quantity === MAX_QUANTITY}
                        onClick={() => setQuantity(id, quantity + 1)}
                      >
                        +
                      </button>
                    </div>
                    <button
                      type="button"
                      class="remove"
                      aria-label={`Remove ${name}`}
                      onClick={() => {
                        focusFlyout()
                        removeCartItem(id)
                      }}
                    >
                      Remove
                    </button>
                  </li>
                ))}
              </ul>
              <p class="total">
                Total <strong>{formatPrice($cartTotal)}</strong>
              </p>
            </>
          ) : (
            <p class="empty">Your cart is empty!</p>
          )}
        </aside>
      )}
    </>
  )
}
