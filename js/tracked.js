// A value derived from the stores that its function reads. It is computed when something needs it,
// and not before.
import {
  activeFrom,
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
import { endChildren, endTracking, track, tracker } from './track.js'
import { warn } from './warn.js'

// So often it is computed anew because what it has read was written meanwhile.
const MANY = 100

class Tracked extends Derived {
  constructor(fn, isBatched) {
    super(fn, isBatched)
    // It may fail, so who wants its value has to call get()
    this.ownGet = undefined
    this.failure = undefined
    this._isMounted = false
    this._tracker = tracker(this)
  }

  // Each lagoon has its own
  get _current() {
    return (this._tracker ||= tracker(this))
  }

  _begin() {
    if (this._isMounted) return
    adopt(this, COMPUTED + DYNAMIC + (this._isBatched ? DEFERRED : 0))
    this._isMounted = true
    this._makeCurrent()
    if (process.env.NODE_ENV !== 'production' && !this.failure && !countSources(this)) {
      warn(
        `${nameOf(this)} has read no store, so it is never computed again. Stores of the package nanostores are not tracked: put them into a list, computed([$store], fn)`
      )
    }
  }

  _end() {
    this._isMounted = false
    try {
      endChildren(this._current)
    } finally {
      endTracking(this)
    }
  }

  _forget() {
    this.failure = undefined
  }

  // A failure is a change, too: who reads the computed gets it until a source changes
  _recompute() {
    let { _current: current, failure } = this
    try {
      if (current.children) endChildren(current)
      let result = track(current, this._fn)
      this.failure = undefined
      if (failure && this.eq(this.value, result)) emitFailure(this)
      else this._put(result)
    } catch (error) {
      this.failure = { error }
      emitFailure(this)
    }
  }

  _makeCurrent() {
    let { _current: current } = this
    for (let i = 0; this._isMounted && isStale(this); i++) {
      if (i === MANY)
        fail(this, 'is changed by what it reads whenever it is read. Let that stop at some value')
      current.isWriting = false
      // It would write again
      if (update(this) || current.isWriting) break
    }
  }

  _read() {
    touch(this)
    if (nanostoresGlobal.reader?.isPast) return super._read()
    if (!this._isMounted || !isCurrent(this)) return this._readAnew()
    nanostoresGlobal.reader?.read(this, connect)
    return this._result()
  }

  _readAnew() {
    if (this._isMounted && isActive(this)) {
      // It is read by a listener that the other copy of the package called
      if (this.hasForeign) return this.value
      failWithCycle(this, activeFrom(this).map(nameOf))
    }
    // In its own onMount()
    if (this._stage) this._begin()
    let { reader } = nanostoresGlobal
    try {
      this._makeCurrent()
    } finally {
      if (reader) reader.read(this, connect)
      // Mounts it for a moment
      if (!this._isMounted) super._read()
    }
    return this._result()
  }

  _result() {
    if (this.failure) throw this.failure.error
    return this.value
  }

  _hear(listener) {
    touch(this)
    // Nobody needed it until now. A batched one waits
    if (!this._isBatched || this.failure) this._makeCurrent()
    super._hear(listener)
    let { failure } = this
    if (failure && typeof listener === 'function' && !isComputed(listener)) {
      this._silence(listener)
      throw failure.error
    }
  }
}

export const tracked = (fn, isBatched) => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'computed()')
  return new Tracked(fn, isBatched)
}
