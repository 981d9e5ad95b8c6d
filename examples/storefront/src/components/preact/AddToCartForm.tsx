/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { addCartItem, isCartOpen, type Product } from '../../stores/cart'

type Props = { product: Product; children: ComponentChildren }

export default function AddToCartForm({ product, children }: Props) {
  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(product)
  }

  return (
    <form class="add-form" onSubmit={addToCart}>
      {children}
      <small class="badge">Preact</small>
    </form>
  )
}
