// A value derived from the stores that its function reads. It is computed when something needs it,
// and not before.
import {
  adopt,
  COMPUTED,
  connect,
  countSources,
  DEFERRED,
  DYNAMIC,
  emitFailure,
  failWithCycle,
  isActive,
  isComputed,
  isCurrent,
  isStale,
  nanostoresGlobal,
  touch,
  update
} from '#lagoons'
import { Derived } from './derived.js'
import { fail, nameOf, needFunction } from './fail.js'
import { cycleOf, endChildren, endTracking, track, tracker } from './track.js'
import { warn } from './warn.js'

// So often it is computed anew because what it has read was written meanwhile.
const MANY = 100

class Tracked extends Derived {
  constructor(fn, isBatched) {
    super(fn, isBatched)
    // It may fail, so who wants its value has to call get()
    this.ownGet = undefined
    this.failure = undefined
    this.isMounted = false
    this.tracker = tracker(this)
  }

  // Each lagoon has its own
  get current() {
    return (this.tracker ||= tracker(this))
  }

  begin() {
    if (this.isMounted) return
    adopt(this, COMPUTED + DYNAMIC + (this.isBatched ? DEFERRED : 0))
    this.isMounted = true
    this.makeCurrent()
    if (process.env.NODE_ENV !== 'production' && !this.failure && !countSources(this)) {
      warn(
        `${nameOf(this)} has read no store, so it is never computed again. Stores of the package nanostores are not tracked: put them into a list, computed([$store], fn)`
      )
    }
  }

  end() {
    this.isMounted = false
    try {
      endChildren(this.current)
    } finally {
      endTracking(this)
    }
  }

  forget() {
    this.failure = undefined
  }

  // A failure is a change, too: who reads the computed gets it until a source changes
  recompute() {
    let { current, failure } = this
    try {
      if (current.children) endChildren(current)
      let result = track(current, this.fn)
      this.failure = undefined
      if (failure && this.eq(this.value, result)) emitFailure(this)
      else this.put(result)
    } catch (error) {
      this.failure = { error }
      emitFailure(this)
    }
  }

  makeCurrent() {
    let { current } = this
    for (let i = 0; this.isMounted && isStale(this); i++) {
      if (i === MANY)
        fail(this, 'is changed by what it reads whenever it is read. Let that stop at some value')
      current.isWriting = false
      // It would write again
      if (update(this) || current.isWriting) break
    }
  }

  read() {
    touch(this)
    if (!this.isMounted || !isCurrent(this)) return this.readAnew()
    nanostoresGlobal.reader?.read(this, connect)
    return this.result()
  }

  readAnew() {
    if (this.isMounted && isActive(this)) {
      // It is read by a listener that the other copy of the package called
      if (this.hasForeign) return this.value
      failWithCycle(this, cycleOf(this).map(nameOf))
    }
    // In its own onMount()
    if (this.stage) this.begin()
    let { reader } = nanostoresGlobal
    try {
      this.makeCurrent()
    } finally {
      if (reader) reader.read(this, connect)
      // Mounts it for a moment
      if (!this.isMounted) super.read()
    }
    return this.result()
  }

  result() {
    if (this.failure) throw this.failure.error
    return this.value
  }

  hear(listener, $sink) {
    touch(this)
    // Nobody needed it until now. A batched one waits
    if (!this.isBatched || this.failure) this.makeCurrent()
    super.hear(listener, $sink)
    let { failure } = this
    if (failure && !$sink && !isComputed(listener)) {
      this.silence(listener)
      throw failure.error
    }
  }
}

export const tracked = (fn, isBatched) => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'computed()')
  return new Tracked(fn, isBatched)
}
