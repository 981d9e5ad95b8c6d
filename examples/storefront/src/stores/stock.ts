import { map, share } from 'lagoon'

/** How many pieces there are, by product; empty until the warehouse has answered. */
export const stock = share('stock', map<Record<string, number>>({}))
