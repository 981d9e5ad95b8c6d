// An object that is written key by key.
import { touch } from '#lagoons'
import { atom } from './atom.js'
import { fail } from './fail.js'

// Spreading an object takes twice as long as this if it has a thousand keys, and a fraction of it if it has ten.
const LARGE = 500
const OFTEN = 64

const copyLarge = object => {
  let copy = {}
  for (let key of Object.keys(object)) copy[key] = object[key]
  return copy
}

// It would be no key of the copy.
const hasOdd = object =>
  Object.hasOwn(object, '__proto__') || Object.getOwnPropertySymbols(object).length > 0

/* @__NO_SIDE_EFFECTS__ */
export const map = (initial = {}) => {
  let $map = atom(initial)
  let isLarge = false
  let writes = 0
  $map.eqKey = Object.is
  $map.setKey = (key, value) => {
    touch($map)
    let oldValue = $map.value
    if (oldValue == null && process.env.NODE_ENV !== 'production') {
      fail($map, `holds ${oldValue}, which has no keys. Set it to an object first`)
    }
    let isRemoval = value === undefined && key in oldValue
    if (isRemoval || !$map.eqKey(oldValue[key], value, key)) {
      // To count the keys takes long, too
      if (writes++ % OFTEN === 0) isLarge = Object.keys(oldValue).length > LARGE
      if (isLarge && !hasOdd(oldValue) && key !== '__proto__') {
        $map.value = copyLarge(oldValue)
        $map.value[key] = value
      } else {
        $map.value = { ...oldValue, [key]: value }
      }
      if (isRemoval) delete $map.value[key]
      $map.notify(oldValue, key)
    }
  }
  return $map
}
