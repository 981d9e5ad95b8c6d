// Listeners for some keys of a map, or some paths of a deep map.
import { getPath } from './path.js'

export function listenKeys($store, keys, listener) {
  return $store.listen((value, oldValue, changed) => {
    let differs = key => !Object.is(getPath(value, key), getPath(oldValue, key))
    let isConcerned
    if (changed === undefined) {
      // The whole value was set, or a batch came to its end
      isConcerned = keys.some(key =>
        oldValue === undefined || !$store.eqKey
          ? oldValue === undefined || differs(key)
          : !$store.eqKey(oldValue[key], value[key], key)
      )
    } else {
      isConcerned =
        keys.includes(changed) ||
        (typeof changed === 'string' &&
          (keys.includes(changed.split(/\.|\[/)[0]) ||
            // In a deep map a write to a path changes what is below it
            (!$store.eqKey && oldValue !== undefined && keys.some(differs))))
    }
    if (isConcerned) listener(value, oldValue, changed)
  })
}

export function subscribeKeys($store, keys, listener) {
  let unbind = listenKeys($store, keys, listener)
  listener($store.value)
  return unbind
}
