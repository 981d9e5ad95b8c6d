// What all computeds have in common, whether they list their stores or track what they read: the first
// listener mounts them, after their own onMount listeners, and they end a while after the last one left.
import { bound, emitLast, leave, touch, unmountsOf, wake } from '#lagoons'
import { clean } from './clean-stores.js'
import { endMounts, STORE_UNMOUNT_DELAY, UNMOUNT } from './lifecycle.js'
import { isEqual, Store } from './store.js'

// How far a computed is mounted: not at all; being linked to its sources, or failed in that, or its end
// stands with those of its onMount listeners, to be called in the order in which they began; or with an
// end of its own.
const IDLE = 0
const HALF = 1
const MOUNTED = 2

const unmount = $store => {
  if (!$store._stage || $store.lc) return
  let { _stage: stage } = $store
  $store._stage = IDLE
  if ($store.events) endMounts($store)
  if (stage === MOUNTED) $store._end()
}

// A kind of computed has _begin(), which links it to its sources, _end(), _recompute(), _makeCurrent() and,
// for cleanStores(), _forget().
export class Derived extends Store {
  constructor(fn, isBatched) {
    super()
    this.ownSet = this.set
    this.ownNotify = this.notify
    this.off = this._rest.bind(this)
    this._fn = fn
    this._isBatched = isBatched
    this._stage = IDLE
    this.timer = undefined
    // What stands for it where a function has to
    this._run = undefined
    // What calls its onMount listeners
    this.runMounts = undefined
    // Only computeds have this, also those without a list
    this.sources = undefined
  }

  _isWatched() {
    return true
  }

  _hear(listener) {
    touch(this)
    if (!this.lc && !this._stage) this._mount()
    super._hear(listener)
  }

  _mount() {
    // It may be refused
    wake()
    this._stage = HALF
    this.runMounts?.({ shared: {} })
    this._begin()
    let unmounts = this.events && unmountsOf(this)[UNMOUNT]
    if (unmounts) unmounts.push(() => this._end())
    else this._stage = MOUNTED
  }

  _rest() {
    leave(this, STORE_UNMOUNT_DELAY, unmount)
  }

  // The result of its function.
  _put(value) {
    let oldValue = this.value
    if (this.set !== this.ownSet || this.notify !== this.ownNotify) {
      this.set(value)
    } else if (!isEqual(this, oldValue, value)) {
      this.value = value
      emitLast(this, oldValue)
    }
  }

  // A source changed, and nobody asks for the value. A batched one waits.
  _alarm() {
    if (!this._isBatched) return this._recompute()
    clearTimeout(this.timer)
    this.timer = setTimeout(bound(() => this._makeCurrent()))
  }
}

if (process.env.NODE_ENV !== 'production') {
  let cleanStore = Store.prototype[clean]
  Derived.prototype[clean] = function () {
    let { _stage: stage } = this
    if (this.events) endMounts(this)
    if (stage === MOUNTED) this._end()
    // Not before: what ends may read the store, which would mount it again
    this._stage = IDLE
    this._forget()
    this.value = undefined
    cleanStore.call(this)
  }
}
