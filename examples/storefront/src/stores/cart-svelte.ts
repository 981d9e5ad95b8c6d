// The cart for those who know Svelte's stores.
import { derived } from 'lagoon/svelte/store'
import { cartItems } from './cart'

const items = derived(cartItems, items => Object.values(items))

export const count = derived(items, list => list.reduce((sum, { quantity }) => sum + quantity, 0))
export const total = derived(items, list =>
  list.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
)
