/** @jsxImportSource solid-js */
import { useStore } from 'lagoon/solid'
import type { JSX } from 'solid-js'
import type { Product } from '../../data/products'
import { formatStock } from '../../lib/format'
import { addCartItem, isCartOpen } from '../../stores/cart'
import { stock } from '../../stores/stock'

type Props = { product: Product; children: JSX.Element }

export default function AddToCartForm(props: Props) {
  const $stock = useStore(stock)

  function addToCart(event: SubmitEvent) {
    event.preventDefault()
    isCartOpen.set(true)
    addCartItem(props.product)
  }

  return (
    <form class="add-form" method="post" action="/cart" onSubmit={addToCart}>
      {props.children}
      <small class="few">{formatStock($stock()[props.product.id])}</small>
      <small class="badge">Solid</small>
    </form>
  )
}
