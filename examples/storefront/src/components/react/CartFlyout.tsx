import { useStore } from 'lagoon/react'
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

  return (
    <>
      <p role="status" className="visually-hidden">
        {$cartMessage}
      </p>
      {$isCartOpen && (
        <aside
          className="flyout"
          id={FLYOUT_ID}
          aria-labelledby="cart-title"
          tabIndex={-1}
          ref={watchFlyout}
        >
          <div className="flyout-head">
            <h2 id="cart-title">Your cart</h2>
            <small className="badge">React</small>
            <button type="button" className="close" aria-label="Close cart" onClick={closeCart}>
              ×
            </button>
          </div>
          {items.length ? (
            <>
              <ul className="lines">
                {items.map(({ id, name, imageSrc, price, quantity }) => (
                  <li key={id} className="line">
                    <img src={imageSrc} alt="" width={72} height={72} />
                    <h3>{name}</h3>
                    <p className="line-price">{formatPrice(price * quantity)}</p>
                    <div className="stepper">
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
                      className="remove"
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
              <p className="total">
                Total <strong>{formatPrice($cartTotal)}</strong>
              </p>
            </>
          ) : (
            <p className="empty">Your cart is empty!</p>
          )}
        </aside>
      )}
    </>
  )
}
