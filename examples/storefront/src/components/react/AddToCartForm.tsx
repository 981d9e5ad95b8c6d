import { useStore } from 'lagoon/react'
import type { ReactNode, SubmitEvent } from 'react'
import type { Product } from '../../data/products'
import { formatStock } from '../../lib/format'
import { addCartItem, isCartOpen } from '../../stores/cart'
import { stock } from '../../stores/stock'

type Props = { product: Product; children: ReactNode }

export default function AddToCartForm({ product, children }: Props) {
  const $stock = useStore(stock)

  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(product)
  }

  return (
    <form className="add-form" method="post" action="/cart" onSubmit={addToCart}>
      {children}
      <small className="few">{formatStock($stock[product.id])}</small>
      <small className="badge">React</small>
    </form>
  )
}
