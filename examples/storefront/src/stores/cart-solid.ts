// The cart for those who know Solid's signals.
import { toSignal } from 'lagoon/solid'
import { cartCount, cartTotal } from './cart'

export const [count] = toSignal(cartCount)
export const [total] = toSignal(cartTotal)
