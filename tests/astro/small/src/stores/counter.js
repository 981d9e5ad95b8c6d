import { atom, share } from 'lagoon'

export const step = 1
export const count = share('count', atom(0))
