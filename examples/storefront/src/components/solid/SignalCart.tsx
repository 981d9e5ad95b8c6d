/** @jsxImportSource solid-js */
import { createSignal, onMount, type JSX } from 'solid-js'
import { formatCount, formatPrice } from '../../lib/format'
import { addCartItem, type Product } from '../../stores/cart'
import { count, total } from '../../stores/cart-solid'

type Props = { product: Product; children: JSX.Element }

export default function SignalCart(props: Props) {
  // What is drawn first has to match the static HTML, which knows no cart.
  const [isHydrated, setIsHydrated] = createSignal(false)
  onMount(() => setIsHydrated(true))

  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    addCartItem(props.product)
  }

  return (
    <>
      <section class="card-cart" aria-label="Cart in Solid's signals">
        <p>{formatCount(isHydrated() ? count() : 0)}</p>
        <strong>{formatPrice(isHydrated() ? total() : 0)}</strong>
      </section>
      <form class="add-form" onSubmit={addToCart}>
        {props.children}
        <small class="badge">Solid's signals</small>
      </form>
    </>
  )
}
