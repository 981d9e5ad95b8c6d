// One value. What listens to it, the engine knows.
import { clean } from './clean-stores.js'
import { connect, current, disconnect, disconnectAll, emit, enter } from './core.js'

/* @__NO_SIDE_EFFECTS__ */
export const atom = initialValue => {
  let $atom = {
    eq: Object.is,
    get() {
      if (current) current.read($atom)
      // Mounts the store for a moment, so that onMount can give it its value
      if (!$atom.lc) $atom.listen(() => {})()
      return $atom.value
    },
    init: initialValue,
    lc: 0,
    listen(listener) {
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
