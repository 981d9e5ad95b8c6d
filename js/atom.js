// One value. What listens to it, the engine knows.
import { clean } from './clean-stores.js'
import { connect, disconnect, disconnectAll, emit, enter, nanostoresGlobal } from './core.js'
import { needFunction } from './fail.js'

/* @__NO_SIDE_EFFECTS__ */
export const atom = initialValue => {
  let $atom = {
    eq: Object.is,
    get() {
      nanostoresGlobal.reader?.read($atom, connect)
      // Mounts the store for a moment, so that onMount can give it its value
      if (!$atom.lc) $atom.listen(() => {})()
      return $atom.value
    },
    init: initialValue,
    lc: 0,
    listen(listener) {
      if (typeof listener !== 'function' && process.env.NODE_ENV !== 'production')
        needFunction(listener, 'listen()', $atom)
      connect($atom, listener)
      $atom.lc++
      return () => {
        if (disconnect($atom, listener) && !--$atom.lc) $atom.off()
      }
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
