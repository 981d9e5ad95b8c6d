/** @jsxImportSource solid-js */
import { useStore } from 'lagoon/solid'
import { For, onCleanup, onMount, Show } from 'solid-js'
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
  const items = () => Object.values($cartItems())

  return (
    <>
      <p role="status" class="visually-hidden">
        {$cartMessage()}
      </p>
      <Show when={$isCartOpen()}>
        <aside
          class="flyout"
          id={FLYOUT_ID}
          aria-labelledby="cart-title"
          tabindex={-1}
          ref={panel => onMount(() => onCleanup(watchFlyout(panel)))}
        >
          <div class="flyout-head">
            <h2 id="cart-title">Your cart</h2>
            <small class="badge">Solid</small>
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
          <Show when={items().length} fallback={<p class="empty">Your cart is empty!</p>}>
            <ul class="lines">
              <For each={items()}>
                {item => (
                  <li class="line">
                    <img src={item.imageSrc} alt="" width={72} height={72} />
                    <h3>{item.name}</h3>
                    <p class="line-price">{formatPrice(item.price * item.quantity)}</p>
                    <div class="stepper">
                      <button
                        form={CHANGES_ID}
                        name={item.id}
                        value={`${item.quantity - 1}`}
                        aria-label={`Decrease quantity of ${item.name}`}
                        aria-disabled={item.quantity === 1}
                        onClick={() => setQuantity(item.id, item.quantity - 1)}
                      >
                        −
                      </button>
                      <p>Quantity: {item.quantity}</p>
                      <button
                        form={CHANGES_ID}
                        name={item.id}
                        value={`${item.quantity + 1}`}
                        aria-label={`Increase quantity of ${item.name}`}
                        aria-disabled={item.quantity === MAX_QUANTITY}
                        onClick={() => setQuantity(item.id, item.quantity + 1)}
                      >
                        +
                      </button>
                    </div>
                    <button
                      form={CHANGES_ID}
                      name="remove"
                      value={item.id}
                      class="remove"
                      aria-label={`Remove ${item.name}`}
                      onClick={() => {
                        focusFlyout()
                        removeCartItem(item.id)
                      }}
                    >
                      Remove
                    </button>
                  </li>
                )}
              </For>
            </ul>
            <p class="total">
              Total <strong>{formatPrice($cartTotal())}</strong>
            </p>
          </Show>
        </aside>
      </Show>
    </>
  )
}
