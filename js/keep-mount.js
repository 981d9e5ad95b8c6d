// Keeps a store mounted, in tests or for as long as the page lives.
import { needStore } from './fail.js'

export const keepMount = $store => {
  if (process.env.NODE_ENV !== 'production') needStore($store, 'keepMount()')
  $store.listen(() => {})
}
