// One value.
import { Store } from './store.js'

/* @__NO_SIDE_EFFECTS__ */
export const atom = initialValue => new Store(initialValue)

export const readonlyType = $store => $store
