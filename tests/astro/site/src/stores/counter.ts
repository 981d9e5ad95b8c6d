import { atom, computed, map, share } from 'lagoon'

export const count = share('count', atom(0))
export const user = share('user', map<{ name: string; tags?: string[] }>({ name: 'nobody' }))
export const label = share(
  'label',
  computed(count, value => `${value} items`)
)
