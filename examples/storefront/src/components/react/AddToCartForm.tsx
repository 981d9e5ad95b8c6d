import type { ReactNode, SubmitEvent } from 'react'
import { addCartItem, isCartOpen, type Product } from '../../stores/cart'

type Props = { product: Product; children: ReactNode }

export default function AddToCartForm({ product, children }: Props) {
  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(product)
  }

  return (
    <form className="add-form" onSubmit={addToCart}>
      {children}
      <small className="badge">React</small>
    </form>
  )
}
