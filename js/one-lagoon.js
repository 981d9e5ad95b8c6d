// Browsers: all stores of a page belong to one lagoon. What js/lagoons.js does on servers is nothing here.
// Bundlers leave out calls of functions that do nothing if these are declared as functions.
export * from './core.js'
export * from './listeners.js'

export const isServer = false

export function bound(fn) {
  return fn
}

export function currentLagoon() {}

export function isHere() {
  return true
}

export function isResting() {}

export function leave($store, delay, fn) {
  setTimeout(fn, delay, $store)
}

export function noteShared() {}

export function perLagoon(make) {
  let own = make()
  return () => own
}

export function showName() {}

export function stopper($store, listener) {
  return () => $store._silence(listener)
}

export function touch() {}

export function unmountsOf({ events }) {
  return events
}
