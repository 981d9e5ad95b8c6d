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

const sourcesOf = ({ source, sources }) => sources || [source]

const readFromBelow = $computed => {
  let stack = sourcesOf($computed)
  stack = [...stack]
  let seen = new Set()
  while (stack.length) {
    let $store = stack.at(-1)
    touch($store)
    let isIdle = $store instanceof Listed && !$store.stage
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
  let { source, sources } = $computed
  $computed.links = sources
    ? sources.map($source => link($source, $computed))
    : link(source, $computed)
}

// What the engine knows is current.
const valueOf = ($source, $computed) =>
  $computed.isDirect && $source.get === $source.ownGet ? $source.value : $source.get()

const recompute = $computed => $computed.recompute()

class Listed extends Derived {
  constructor(stores, fn, isBatched) {
    super(fn, isBatched)
    this.source = undefined
    if (Array.isArray(stores)) this.sources = stores
    else this.source = stores
    // What it was computed from: the value of its source, or a list of those of its sources
    this.previous = undefined
    this.hasRun = false
    this.epoch = undefined
    // Whether the engine knows all of its sources. Not those that another copy of the package made
    this.isCovered = false
    // Whether these are what was given to it, and no copies or proxies
    this.isDirect = false
    this.isReading = false
    // What link() has returned for its source, or a list of that for its sources
    this.links = undefined
  }

  begin() {
    // It is held meanwhile: if it is read, it would lose its node with that short listener
    adopt(this, COMPUTED + (this.isBatched ? DEFERRED : 0))
    try {
      descend(this, linkAll)
    } finally {
      unhold(this)
    }
    let sources = sourcesOf(this)
    this.isCovered = countSources(this) === sources.length
    this.isDirect = this.isCovered && sources.every(isOurs)
    this.makeCurrent()
  }

  end() {
    let { links, sources } = this
    this.isCovered = this.isDirect = false
    callAll(
      (sources ? links : [links]).map(it =>
        typeof it === 'function' ? it : () => it.silence(undefined, this)
      )
    )
  }

  forget() {
    this.hasRun = false
    this.previous = this.epoch = this.awaited = undefined
  }

  recompute() {
    let { fn, source, sources } = this
    this.epoch = nanostoresGlobal.epoch
    // All are read before they are compared: mounting a source may compute this one
    if (!sources) {
      let value = valueOf(source, this)
      if (this.hasRun && isEqual(source, this.previous, value)) return
      this.begins(value)
      this.keep(fn(value))
    } else if (sources.length === 2) {
      let $a = sources[0]
      let $b = sources[1]
      let a = valueOf($a, this)
      let b = valueOf($b, this)
      let { previous } = this
      if (this.hasRun && isEqual($a, previous[0], a) && isEqual($b, previous[1], b)) return
      this.begins([a, b])
      this.keep(fn(a, b))
    } else {
      let values = sources.map($source => valueOf($source, this))
      let { previous } = this
      if (this.hasRun && values.every((value, i) => isEqual(sources[i], previous[i], value))) return
      this.begins(values)
      this.keep(fn(...values))
    }
  }

  // `previous` is what it is computed from now.
  begins(previous) {
    this.previous = previous
    this.hasRun = true
    if (this.awaited) this.awaited = undefined
  }

  keep(result) {
    if (typeof result === 'object' && result?.then && result.t) return this.wait(result)
    this.put(result)
    this.epoch = nanostoresGlobal.epoch
  }

  wait(task) {
    if (process.env.NODE_ENV !== 'production') {
      warn('an async function in computed() is deprecated, use computedAsync of @nanostores/async')
    }
    this.awaited = task
    task.then(value => {
      if (this.awaited === task) this.set(value)
    })
  }

  makeCurrent() {
    if (this.isCovered) {
      if (isActive(this)) failWithCycle(this, [])
      update(this)
      // When it is not mounted any more, nothing is to be read if nothing changed since
      this.epoch = nanostoresGlobal.epoch
      return
    }
    // Mounted, it has a source in another copy of the package, which may call a listener that reads it
    if (this.isReading && !this.stage) failWithCycle(this, [])
    // Once more if a listener that waited has written
    for (let i = 0; !this.isCovered && this.epoch !== nanostoresGlobal.epoch; i++) {
      if (i === MANY)
        fail(this, 'is changed by listeners whenever it is read. Let them stop at some value')
      settle(() => this.readAll())
    }
  }

  readAll() {
    this.isReading = true
    try {
      descend(this, recompute)
    } finally {
      this.isReading = false
    }
  }

  read() {
    touch(this)
    // Not before: modules that import each other may still have to make the stores
    if (!this.hasRun && process.env.NODE_ENV !== 'production') {
      needStores(sourcesOf(this), 'computed()', this)
    }
    try {
      this.makeCurrent()
    } catch (error) {
      // Who tracks it runs again when it has recovered
      nanostoresGlobal.reader?.read(this, connect)
      throw error
    }
    return super.read()
  }

  hear(listener, $sink) {
    if (process.env.NODE_ENV !== 'production') needStores(sourcesOf(this), 'computed()', this)
    super.hear(listener, $sink)
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
