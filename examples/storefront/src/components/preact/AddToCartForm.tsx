/** @jsxImportSource preact */
import { useStore } from 'lagoon/preact'
import type { ComponentChildren } from 'preact'
import type { Product } from '../../data/products'
import { formatStock } from '../../lib/format'
import { addCartItem, isCartOpen } from '../../stores/cart'
import { stock } from '../../stores/stock'

type Props = { product: Product; children: ComponentChildren }

export default function AddToCartForm({ product, children }: Props) {
  const $stock = useStore(stock)

  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(product)
  }

  return (
    <form class="add-form" method="post" action="/cart" onSubmit={addToCart}>
      {children}
      <small class="few">{formatStock($stock[product.id])}</small>
      <small class="badge">Preact</small>
    </form>
  )
}
