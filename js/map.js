// An object that is written key by key.
import { touch } from '#lagoons'
import { atom } from './atom.js'
import { fail } from './fail.js'

/* @__NO_SIDE_EFFECTS__ */
export const map = (initial = {}) => {
  let $map = atom(initial)
  $map.eqKey = Object.is
  $map.setKey = (key, value) => {
    touch($map)
    let oldValue = $map.value
    if (oldValue == null && process.env.NODE_ENV !== 'production') {
      fail($map, `holds ${oldValue}, which has no keys. Set it to an object first`)
    }
    let isRemoval = value === undefined && key in oldValue
    if (isRemoval || !$map.eqKey(oldValue[key], value, key)) {
      $map.value = { ...oldValue, [key]: value }
      if (isRemoval) delete $map.value[key]
      $map.notify(oldValue, key)
    }
  }
  return $map
}
