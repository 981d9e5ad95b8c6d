// One value. What listens to it, the engine knows.
import {
  bound,
  connect,
  disconnect,
  disconnectAll,
  emit,
  enter,
  isResting,
  nanostoresGlobal,
  touch
} from '#lagoons'
import { clean } from './clean-stores.js'
import { needFunction } from './fail.js'

/* @__NO_SIDE_EFFECTS__ */
export const atom = initialValue => {
  let $atom = {
    eq: Object.is,
    get() {
      touch($atom)
      nanostoresGlobal.reader?.read($atom, connect)
      // Mounts the store for a moment, so that onMount can give it its value
      if (!$atom.lc && !isResting($atom) && ($atom.listen !== listen || $atom.off !== off))
        $atom.listen(() => {})()
      return $atom.value
    },
    init: initialValue,
    lc: 0,
    listen(listener) {
      if (typeof listener !== 'function' && process.env.NODE_ENV !== 'production')
        needFunction(listener, 'listen()', $atom)
      touch($atom)
      connect($atom, listener)
      $atom.lc++
      return bound(() => {
        if (disconnect($atom, listener) && !--$atom.lc) $atom.off()
      })
    },
    node: 0,
    notify(oldValue, changedKey) {
      emit($atom, oldValue, changedKey)
    },
    // onMount and onStop put their own in its place
    off() {},
    ownGet: undefined,
    readIn: 0,
    set(newValue) {
      touch($atom)
      let oldValue = $atom.value
      if (!$atom.eq(oldValue, newValue)) {
        $atom.value = newValue
        $atom.notify(oldValue)
      }
    },
    subscribe(listener) {
      let unbind = $atom.listen(listener)
      let outer = enter()
      try {
        listener($atom.value)
      } finally {
        enter(outer)
      }
      return unbind
    },
    value: initialValue
  }

  let { listen, off } = $atom
  $atom.ownGet = $atom.get

  if (process.env.NODE_ENV !== 'production') {
    $atom[clean] = () => {
      disconnectAll($atom)
      $atom.lc = 0
      $atom.off()
    }
  }

  return $atom
}

export const readonlyType = $store => $store
