/** @jsxImportSource solid-js */
import type { JSX } from 'solid-js'
import type { Product } from '../../data/products'
import { formatCount, formatPrice } from '../../lib/format'
import { addCartItem } from '../../stores/cart'
import { count, total } from '../../stores/cart-solid'

type Props = { product: Product; children: JSX.Element }

export default function SignalCart(props: Props) {
  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    addCartItem(props.product)
  }

  return (
    <>
      <section class="card-cart" aria-label="Cart in Solid's signals">
        <p>{formatCount(count())}</p>
        <strong>{formatPrice(total())}</strong>
      </section>
      <form class="add-form" method="post" action="/cart" onSubmit={addToCart}>
        {props.children}
        <small class="badge">Solid's signals</small>
      </form>
    </>
  )
}
