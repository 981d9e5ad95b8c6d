// An object that is written by path.
import { touch } from '#lagoons'
import { atom } from './atom.js'
import { needPath, needStore } from './fail.js'
import { getPath, setPath } from './path.js'
import { warn } from './warn.js'

export { getPath, setByKey, setPath } from './path.js'

/* @__NO_SIDE_EFFECTS__ */
export const deepMap = (initial = {}) => {
  if (process.env.NODE_ENV !== 'production') {
    warn('deepMap() is deprecated, use @nanostores/deepmap')
  }
  let $deepMap = atom(initial)
  $deepMap.setKey = (path, value) => {
    if (typeof path !== 'string' && process.env.NODE_ENV !== 'production')
      needPath(path, 'setKey()', $deepMap)
    touch($deepMap)
    let oldValue = $deepMap.value
    if (getPath(oldValue, path) !== value) {
      $deepMap.value = setPath(oldValue, path, value)
      $deepMap.notify(oldValue, path)
    }
  }
  return $deepMap
}

export function getKey($store, path) {
  if (process.env.NODE_ENV !== 'production') {
    needStore($store, 'getKey()')
    needPath(path, 'getKey()', $store)
  }
  return getPath($store.get(), path)
}
