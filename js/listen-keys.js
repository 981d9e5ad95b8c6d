// Listeners for some keys of a map, or some paths of a deep map.
import { needFunction, needList, needStore } from './fail.js'
import { getPath } from './path.js'

const differs = (value, oldValue, path) => !Object.is(getPath(value, path), getPath(oldValue, path))

// Where the first key of a path ends, or -1. Most often all listeners of a map ask for the same one.
let lastPath
let lastEnd

const endOfKey = path => {
  if (path !== lastPath) {
    lastEnd = path.search(/\.|\[/)
    lastPath = path
  }
  return lastEnd
}

const FEW = 8

export function listenKeys($store, keys, listener) {
  if (process.env.NODE_ENV !== 'production') {
    needStore($store, 'listenKeys()')
    needFunction(listener, 'listenKeys()', $store)
    if (!keys?.[Symbol.iterator]) needList(keys, 'listenKeys()', $store)
  }
  // @nanostores/preact takes one key, too
  keys = typeof keys === 'string' ? [keys] : [...keys]
  let set = keys.length > FEW && new Set(keys)
  let has = key => (set ? set.has(key) : keys.includes(key))

  // The whole value was set, or a batch came to its end
  let isAnyOther = (value, oldValue) =>
    oldValue === undefined
      ? keys.length > 0
      : keys.some(key =>
          $store.eqKey
            ? !$store.eqKey(oldValue[key], value[key], key)
            : differs(value, oldValue, key)
        )

  // In a deep map a write to a path changes what is above and below it
  let isAround = (value, oldValue, changed) => {
    let end = endOfKey(changed)
    return (
      (end >= 0 && has(changed.slice(0, end))) ||
      (!$store.eqKey && oldValue !== undefined && keys.some(key => differs(value, oldValue, key)))
    )
  }

  return $store.listen((value, oldValue, changed) => {
    if (
      changed === undefined
        ? isAnyOther(value, oldValue)
        : has(changed) || (typeof changed === 'string' && isAround(value, oldValue, changed))
    ) {
      listener(value, oldValue, changed)
    }
  })
}

export function subscribeKeys($store, keys, listener) {
  let unbind = listenKeys($store, keys, listener)
  listener($store.value)
  return unbind
}
