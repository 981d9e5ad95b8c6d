/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import { useEffect, useRef } from 'preact/hooks'
import {
  CHANGES_ID,
  closeCart,
  FLYOUT_ID,
  focusFlyout,
  TOGGLE_ID,
  watchFlyout
} from '../../lib/flyout'
import { formatPrice } from '../../lib/format'
import { MAX_QUANTITY } from '../../lib/quantity'
import {
  cartItems,
  cartMessage,
  cartTotal,
  isCartOpen,
  removeCartItem,
  setQuantity
} from '../../stores/cart'

export default function CartFlyout() {
  const $isCartOpen = useStore(isCartOpen)
  const $cartMessage = useStore(cartMessage)
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
            <button
              form={TOGGLE_ID}
              name="cart"
              value="closed"
              class="close"
              aria-label="Close cart"
              onClick={closeCart}
            >
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
                        form={CHANGES_ID}
                        name={id}
                        value={quantity - 1}
                        aria-label={`Decrease quantity of ${name}`}
                        aria-disabled={quantity === 1}
                        onClick={() => setQuantity(id, quantity - 1)}
                      >
                        −
                      </button>
                      <p>Quantity: {quantity}</p>
                      <button
                        form={CHANGES_ID}
                        name={id}
                        value={quantity + 1}
                        aria-label={`Increase quantity of ${name}`}
                        aria-disabled={quantity === MAX_QUANTITY}
                        onClick={() => setQuantity(id, quantity + 1)}
                      >
                        +
                      </button>
                    </div>
                    <button
                      form={CHANGES_ID}
                      name="remove"
                      value={id}
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
