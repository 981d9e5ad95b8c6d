import { atom, computed, map, share } from 'lagoon'

export const count = share('count', atom(0))
export const user = share('user', map<{ name: string; tags?: string[] }>({ name: 'nobody' }))
export const label = share(
  'label',
  computed(count, value => `${value} items`)
)
const shortLabel = computed(label, text => text.replace('items', 'pieces'))
export const sentence = computed(() => ({ text: `${user.get().name} has ${shortLabel.get()}` }))
