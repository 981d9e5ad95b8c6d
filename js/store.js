// What all kinds of store have in common. Who listens to them, js/listeners.js knows, or the engine.
//
// The methods that Nano Stores has are functions of each store's own, because packages take them along,
// copy the store with them, and put others in their place. They only call the methods of the class, which
// the package itself calls, too, unless a function has another in its place. Those begin with `_`, because
// people put properties of their own on stores.
import {
  connect,
  disconnect,
  disconnectAll,
  emit,
  enter,
  isResting,
  lastSource,
  listenerOf,
  nanostoresGlobal,
  stopper,
  touch
} from '#lagoons'
import { clean } from './clean-stores.js'
import { needFunction } from './fail.js'

const { is } = Object

// Object.is is fast only where the runtime sees that it is called.
export const isEqual = ($store, a, b) => ($store.eq === is ? is(a, b) : $store.eq(a, b))

const noop = () => {}

// The sink that is passed to listen() in place of a function: see link().
let linking

export class Store {
  constructor(value) {
    this.value = value
    this.init = value
    this.lc = 0
    this.node = 0
    this._listeners = undefined
    this.eq = is
    // The number of the run that has read it last: see track.js
    this.readIn = 0
    this.get = this.ownGet = () => this._read()
    this.set = newValue => this._write(newValue)
    this.listen = this.ownListen = listener => {
      if (process.env.NODE_ENV !== 'production' && (!listener || listener !== linking))
        needFunction(listener, 'listen()', this)
      this._hear(listener)
      return stopper(this, listener)
    }
    this.subscribe = listener => {
      let unbind = this.listen(listener)
      let outer = enter()
      try {
        listener(this.value)
      } finally {
        enter(outer)
      }
      return unbind
    }
    this.notify = (oldValue, changedKey) => emit(this, oldValue, changedKey)
    // onMount and onStop put their own in its place
    this.off = noop
  }

  _read() {
    touch(this)
    let past = nanostoresGlobal.reader?.read(this, connect)
    if (past) return past.value
    // Mounts the store for a moment, so that onMount can give it its value
    if (!this.lc && this._isWatched() && !isResting(this)) this.listen(noop)()
    return this.value
  }

  _isWatched() {
    return this.listen !== this.ownListen || this.off !== noop
  }

  _write(value) {
    touch(this)
    let oldValue = this.value
    if (!isEqual(this, oldValue, value)) {
      this.value = value
      this.notify(oldValue)
    }
  }

  // Links it to a function, or to a sink that has its node.
  _hear(listener) {
    touch(this)
    connect(this, listener)
    this.lc++
  }

  _silence(listener) {
    if (disconnect(this, listener) && !--this.lc) this.off()
  }
}

if (process.env.NODE_ENV !== 'production') {
  Store.prototype[clean] = function () {
    disconnectAll(this)
    this.lc = 0
    this.off()
  }
}

// Links a sink that has its node to any store. Returns the store that is to silence the sink, or a
// function that does it. What may be a proxy of a store is not put in the place of the store: only its
// own function knows that.
export const link = ($store, $sink) => {
  if (!($store instanceof Store) || $store.listen !== $store.ownListen) {
    return $store.listen(listenerOf($sink))
  }
  linking = $sink
  $store.listen($sink)
  linking = undefined
  return lastSource()
}
