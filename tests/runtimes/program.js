// What every runtime must do: one atom, one map, computeds with and without a list of stores, an
// effect, a batch, and more stores than the first page of the engine's memory has room for.
import { atom, batch, computed, effect, map } from 'lagoon'

/** Returns what the listeners were told: the lines of expected.txt. */
export const play = () => {
  let lines = []
  let isCartOpen = atom(false)
  let cartItems = map({})
  let cartCount = computed(cartItems, items =>
    Object.values(items).reduce((count, quantity) => count + quantity, 0)
  )
  let label = computed(() => (isCartOpen.get() ? `${cartCount.get()} in the cart` : 'closed'))

  label.subscribe(text => lines.push(`label: ${text}`))
  let stop = effect(cartCount, count => {
    lines.push(`effect: ${count}`)
    return () => lines.push(`effect ends: ${count}`)
  })

  cartItems.setKey('moon-lamp', 2)
  isCartOpen.set(true)
  batch(() => {
    cartItems.setKey('star-map', 3)
    cartItems.setKey('moon-lamp', undefined)
    isCartOpen.set(false)
    isCartOpen.set(true)
  })
  stop()

  let stock = Array.from({ length: 5000 }, () => atom(1))
  let total = computed(stock, (...amounts) => amounts.reduce((sum, amount) => sum + amount))
  total.subscribe(sum => lines.push(`total: ${sum}`))
  stock[4999].set(101)
  return lines.join('\n')
}
