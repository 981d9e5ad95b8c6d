import { useStore } from 'lagoon/react'
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
            <button
              form={TOGGLE_ID}
              name="cart"
              value="closed"
              className="close"
              aria-label="Close cart"
              onClick={closeCart}
            >
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
