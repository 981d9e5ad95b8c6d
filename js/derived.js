// What all computeds have in common, whether they list their stores or track what they read: the first
// listener mounts them, after their own onMount listeners, and they end a while after the last one left.
import { bound, emitLast, leave, touch, unmountsOf } from '#lagoons'
import { clean } from './clean-stores.js'
import { endMounts, STORE_UNMOUNT_DELAY, UNMOUNT } from './lifecycle.js'
import { isEqual, Store } from './store.js'

// How far a computed is mounted. With HALF, it is linked to its sources just now, or could not be, or its
// end is among those of its onMount listeners.
const IDLE = 0
const HALF = 1
const MOUNTED = 2

const unmount = $store => {
  if (!$store.stage || $store.lc) return
  let { stage } = $store
  $store.stage = IDLE
  if ($store.events) endMounts($store)
  if (stage === MOUNTED) $store.end()
}

// A kind of computed has begin(), which links it to its sources, end(), recompute() and makeCurrent().
export class Derived extends Store {
  constructor(fn, isBatched) {
    super()
    this.ownSet = this.set
    this.ownNotify = this.notify
    this.off = this.rest.bind(this)
    this.fn = fn
    this.isBatched = isBatched
    this.stage = IDLE
    this.timer = undefined
    // What stands for it where a function has to
    this.run = undefined
    // What calls its onMount listeners
    this.runMounts = undefined
    // Only computeds have this, also those without a list
    this.sources = undefined
  }

  isWatched() {
    return true
  }

  hear(listener, $sink) {
    touch(this)
    if (!this.lc && !this.stage) this.mount()
    super.hear(listener, $sink)
  }

  mount() {
    this.stage = HALF
    this.runMounts?.({ shared: {} })
    this.begin()
    let unmounts = this.events && unmountsOf(this)[UNMOUNT]
    if (unmounts) unmounts.push(() => this.end())
    else this.stage = MOUNTED
  }

  rest() {
    leave(this, STORE_UNMOUNT_DELAY, unmount)
  }

  // The result of its function.
  put(value) {
    let oldValue = this.value
    if (this.set !== this.ownSet || this.notify !== this.ownNotify) {
      this.set(value)
    } else if (!isEqual(this, oldValue, value)) {
      this.value = value
      emitLast(this, oldValue)
    }
  }

  // A source changed, and nobody asks for the value. A batched one waits.
  alarm() {
    if (!this.isBatched) return this.recompute()
    clearTimeout(this.timer)
    this.timer = setTimeout(bound(() => this.makeCurrent()))
  }
}

if (process.env.NODE_ENV !== 'production') {
  let cleanStore = Store.prototype[clean]
  Derived.prototype[clean] = function () {
    let { stage } = this
    if (this.events) endMounts(this)
    if (stage === MOUNTED) this.end()
    // Not before: what ends may read the store, which would mount it again
    this.stage = IDLE
    this.forget()
    this.value = undefined
    cleanStore.call(this)
  }
}
