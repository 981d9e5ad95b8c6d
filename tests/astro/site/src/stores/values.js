import { atom, share } from 'lagoon'

export const values = share('values', atom())
