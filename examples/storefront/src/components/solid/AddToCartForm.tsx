/** @jsxImportSource solid-js */
import type { JSX } from 'solid-js'
import { addCartItem, isCartOpen, type Product } from '../../stores/cart'

type Props = { product: Product; children: JSX.Element }

export default function AddToCartForm(props: Props) {
  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(props.product)
  }

  return (
    <form class="add-form" onSubmit={addToCart}>
      {props.children}
      <small class="badge">Solid</small>
    </form>
  )
}
