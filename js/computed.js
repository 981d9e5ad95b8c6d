// A value derived from a list of stores, or from the stores that its function reads: see tracked.js.
// While it is mounted the engine tells when to derive it again.
import {
  adopt,
  callAll,
  COMPUTED,
  connect,
  countSources,
  DEFERRED,
  failWithCycle,
  isActive,
  isOurs,
  nanostoresGlobal,
  settle,
  touch,
  unhold,
  update
} from '#lagoons'
import { Derived } from './derived.js'
import { fail, needFunction, needStores } from './fail.js'
import { isEqual, link } from './store.js'
import { tracked } from './tracked.js'
import { warn } from './warn.js'

// A long chain of computeds that are not mounted, of which the engine knows nothing, is read from
// below, so that it is not too long for the call stack.
const DEEP = 100
const MANY = 100
let depth = 0

const sourcesOf = ({ sources, _source }) => sources || [_source]

const readFromBelow = $computed => {
  let stack = [...sourcesOf($computed)]
  let seen = new Set()
  while (stack.length) {
    let $store = stack.at(-1)
    touch($store)
    let isIdle = $store instanceof Listed && !$store._stage
    if (!isIdle || seen.has($store)) {
      stack.pop()
      if (isIdle) $store.get()
    } else {
      seen.add($store)
      for (let $source of sourcesOf($store)) stack.push($source)
    }
  }
}

// Calls what reads or mounts the sources of a computed, and so perhaps theirs.
const descend = ($computed, fn) => {
  try {
    if (++depth > DEEP) readFromBelow($computed)
    fn($computed)
  } finally {
    depth--
  }
}

const linkAll = $computed => {
  let { _source: source, sources } = $computed
  $computed._links = sources
    ? sources.map($source => link($source, $computed))
    : link(source, $computed)
}

// Not below a store of another copy: that may change without the engine.
const isCovered = ({ _isCovered }) => _isCovered !== false

// What the engine knows is current.
const valueOf = ($source, $computed) =>
  $computed._isDirect && $source.get === $source.ownGet ? $source.value : $source.get()

const recompute = $computed => $computed._recompute()

class Listed extends Derived {
  constructor(stores, fn, isBatched) {
    super(fn, isBatched)
    this._source = undefined
    if (Array.isArray(stores)) this.sources = stores
    else this._source = stores
    // What it was computed from: the value of its source, or a list of those of its sources
    this.previous = undefined
    this._hasRun = false
    this.epoch = undefined
    // Whether the engine knows all above it. Not what another copy of the package made
    this._isCovered = false
    // Whether these are what was given to it, and no copies or proxies
    this._isDirect = false
    this.isReading = false
    // What link() has returned for its source, or a list of that for its sources
    this._links = undefined
  }

  _begin() {
    // It is held meanwhile: if it is read, it would lose its node with that short listener
    adopt(this, COMPUTED + (this._isBatched ? DEFERRED : 0))
    try {
      descend(this, linkAll)
    } finally {
      unhold(this)
    }
    let sources = sourcesOf(this)
    this._isCovered = countSources(this) === sources.length && sources.every(isCovered)
    this._isDirect = this._isCovered && sources.every(isOurs)
    this._makeCurrent()
  }

  _end() {
    let { _links: links, sources } = this
    this._isCovered = this._isDirect = false
    callAll(
      (sources ? links : [links]).map(it =>
        typeof it === 'function' ? it : () => it._silence(this)
      )
    )
  }

  _forget() {
    this._hasRun = false
    this.previous = this.epoch = this.awaited = undefined
  }

  _recompute() {
    let { _fn: fn, _source: source, sources } = this
    this.epoch = nanostoresGlobal.epoch
    // All are read before they are compared: mounting a source may compute this one
    if (!sources) {
      let value = valueOf(source, this)
      if (this._hasRun && isEqual(source, this.previous, value)) return
      this._remember(value)
      this._keep(fn(value))
    } else if (sources.length === 2) {
      let $a = sources[0]
      let $b = sources[1]
      let a = valueOf($a, this)
      let b = valueOf($b, this)
      let { previous } = this
      if (this._hasRun && isEqual($a, previous[0], a) && isEqual($b, previous[1], b)) return
      this._remember([a, b])
      this._keep(fn(a, b))
    } else {
      let values = sources.map($source => valueOf($source, this))
      let { previous } = this
      if (this._hasRun && values.every((value, i) => isEqual(sources[i], previous[i], value)))
        return
      this._remember(values)
      this._keep(fn(...values))
    }
  }

  // `previous` is what it is computed from now.
  _remember(previous) {
    this.previous = previous
    this._hasRun = true
    if (this.awaited) this.awaited = undefined
  }

  _keep(result) {
    if (typeof result === 'object' && result?.then && result.t) return this._wait(result)
    this._put(result)
    this.epoch = nanostoresGlobal.epoch
  }

  _wait(task) {
    if (process.env.NODE_ENV !== 'production') {
      warn('an async function in computed() is deprecated, use computedAsync of @nanostores/async')
    }
    this.awaited = task
    task.then(value => {
      if (this.awaited === task) this.set(value)
    })
  }

  _makeCurrent() {
    if (this._isCovered) {
      if (isActive(this)) failWithCycle(this, [])
      update(this)
      // When it is not mounted any more, nothing is to be read if nothing changed since
      this.epoch = nanostoresGlobal.epoch
      return
    }
    // Mounted, it has a source in another copy of the package, which may call a listener that reads it
    if (this.isReading && !this._stage) failWithCycle(this, [])
    // Once more if a listener that waited has written
    for (let i = 0; !this._isCovered && this.epoch !== nanostoresGlobal.epoch; i++) {
      if (i === MANY)
        fail(this, 'is changed by listeners whenever it is read. Let them stop at some value')
      settle(() => this._readAll())
    }
  }

  _readAll() {
    this.isReading = true
    try {
      descend(this, recompute)
    } finally {
      this.isReading = false
    }
  }

  _read() {
    touch(this)
    // Not before: modules that import each other may still have to make the stores
    if (!this._hasRun && process.env.NODE_ENV !== 'production') {
      needStores(sourcesOf(this), 'computed()', this)
    }
    if (nanostoresGlobal.reader?.isPast) return super._read()
    try {
      this._makeCurrent()
    } catch (error) {
      // Who tracks it runs again when it has recovered
      nanostoresGlobal.reader?.read(this, connect)
      throw error
    }
    return super._read()
  }

  _hear(listener) {
    if (process.env.NODE_ENV !== 'production') needStores(sourcesOf(this), 'computed()', this)
    super._hear(listener)
  }
}

const derive = (stores, fn, isBatched) => {
  if (!fn) return tracked(stores, isBatched)
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'computed()')
  return new Listed(stores, fn, isBatched)
}

/* @__NO_SIDE_EFFECTS__ */
export const computed = (stores, fn) => derive(stores, fn)

/* @__NO_SIDE_EFFECTS__ */
export const batched = (stores, fn) => derive(stores, fn, true)
