// Servers: which lagoon is current, and what a store holds in it. Until js/server.js makes the first
// lagoon, all stores belong to the process, and what is here passes its arguments on to js/core.js.
//
// Browsers get js/one-lagoon.js in its place.
import * as core from './core.js'
import engine, { swap } from './engine-no-wasm.js'

const { nanostoresGlobal } = core

export {
  callAll,
  COMPUTED,
  DEFERRED,
  DYNAMIC,
  EFFECT,
  enter,
  failWithCycle,
  nanostoresGlobal
} from './core.js'

export const isServer = true

// Whether there are lagoons besides that of the process.
let isDivided = false

// For each copy of the package.
const divide = () => {
  isDivided = true
}
;(nanostoresGlobal.divide ||= new Set()).add(divide)
if (nanostoresGlobal.lagoons) divide()

// The lagoon whose run() the caller is in. Undefined: that of the process. `lagoons` is an
// AsyncLocalStorage.
export const currentLagoon = () => (isDivided ? nanostoresGlobal.lagoons.getStore() : undefined)

// ---- The graph of each lagoon -------------------------------------------------------------------

// Whose frame stands in js/core.js.
let lagoonInCore
let frameInCore = core.firstFrame

const frameOf = lagoon => {
  if (!lagoon) return core.firstFrame
  let frame = lagoon.parts.get(core.firstFrame)
  if (!frame) {
    // Its memory is an object like any other, which goes when the lagoon goes
    let outer = swap()
    frame = core.makeFrame(engine)
    frame.heap = swap(outer)
    lagoon.parts.set(core.firstFrame, frame)
  }
  return frame
}

const swapTo = (lagoon, frame) => {
  frameInCore.heap = swap(frame.heap)
  core.swapFrames(frameInCore, frame)
  frameInCore = frame
  lagoonInCore = lagoon
}

// Calls a function of js/core.js, whose first argument may be a store, in the current lagoon.
const here = (fn, $store, ...args) => {
  let lagoon = currentLagoon()
  if ($store?.listen) touch($store)
  if (lagoon === lagoonInCore) return fn($store, ...args)
  let outer = lagoonInCore
  let outerFrame = frameInCore
  swapTo(lagoon, frameOf(lagoon))
  try {
    return fn($store, ...args)
  } finally {
    swapTo(outer, outerFrame)
  }
}

export const connect = ($store, listener) =>
  isDivided ? here(core.connect, $store, listener) : core.connect($store, listener)

export const disconnect = ($store, listener) =>
  isDivided ? here(core.disconnect, $store, listener) : core.disconnect($store, listener)

export const disconnectAll = $store =>
  isDivided ? here(core.disconnectAll, $store) : core.disconnectAll($store)

export const adopt = ($sink, run, kind) =>
  isDivided ? here(core.adopt, $sink, run, kind) : core.adopt($sink, run, kind)

export const unhold = $sink => (isDivided ? here(core.unhold, $sink) : core.unhold($sink))

export const release = $sink => (isDivided ? here(core.release, $sink) : core.release($sink))

export const ownGet = $store => (isDivided ? here(core.ownGet, $store) : core.ownGet($store))

export const countSources = $sink =>
  isDivided ? here(core.countSources, $sink) : core.countSources($sink)

export const beginRun = $sink => (isDivided ? here(core.beginRun, $sink) : core.beginRun($sink))

export const advance = (sink, $store) =>
  isDivided ? here(core.advance, sink, $store) : core.advance(sink, $store)

export const readSources = $sink =>
  isDivided ? here(core.readSources, $sink) : core.readSources($sink)

export const dropUnread = sink => (isDivided ? here(core.dropUnread, sink) : core.dropUnread(sink))

export const isComputed = listener =>
  isDivided ? here(core.isComputed, listener) : core.isComputed(listener)

export const isActive = $sink => (isDivided ? here(core.isActive, $sink) : core.isActive($sink))

export const isStale = $sink => (isDivided ? here(core.isStale, $sink) : core.isStale($sink))

// Of a store that nobody listens to the engine knows nothing
export const emit = ($store, oldValue, changedKey) =>
  isDivided && $store.node
    ? here(core.emit, $store, oldValue, changedKey)
    : core.emit($store, oldValue, changedKey)

export const emitLast = ($store, oldValue) =>
  isDivided ? here(core.emitLast, $store, oldValue) : core.emitLast($store, oldValue)

export const suppress = $store => (isDivided ? here(core.suppress, $store) : core.suppress($store))

export const emitFailure = $store =>
  isDivided ? here(core.emitFailure, $store) : core.emitFailure($store)

export const update = $sink => (isDivided ? here(core.update, $sink) : core.update($sink))

export const batch = fn => (isDivided ? here(core.batch, fn) : core.batch(fn))

export const settle = fn => (isDivided ? here(core.settle, fn) : core.settle(fn))

// ---- The values of each lagoon ------------------------------------------------------------------

// What changes in a store. All else is its definition, and one for all lagoons.
const FIELDS = [
  'active',
  'epoch',
  'failure',
  'gets',
  'hasForeign',
  'isMounted',
  'isReading',
  'lc',
  'node',
  'previous',
  'starting',
  'timer',
  'value'
]

const OWN = Symbol('own')

const partOf = $store => {
  let own = $store[OWN]
  let lagoon = currentLagoon()
  if (!lagoon) return own.outside
  let part = lagoon.parts.get($store)
  if (!part) {
    // What its module gave it. What is written later outside of lagoons stays there
    if (!own.isUsed) own.initialValue = own.outside.value
    own.isUsed = true
    part = { lc: 0, node: 0, value: own.initialValue }
    lagoon.parts.set($store, part)
  }
  return part
}

const properties = Object.fromEntries(
  FIELDS.map(field => [
    field,
    {
      configurable: true,
      get() {
        return partOf(this)[field]
      },
      set(value) {
        partOf(this)[field] = value
      }
    }
  ])
)

const isolate = $store => {
  let outside = {}
  for (let field of FIELDS) outside[field] = $store[field]
  let isUsed = 'sources' in $store
  Object.defineProperty($store, OWN, { value: { outside, isUsed, initialValue: undefined } })
  Object.defineProperties($store, properties)
}

// To be called before a store is used.
export const touch = $store => {
  if (isDivided && !$store[OWN]) isolate($store)
}

// What holds, at 6 as in Nano Stores, the functions to call when a store is unmounted.
export const unmountsOf = $store => {
  touch($store)
  return currentLagoon() ? (partOf($store).events ||= { 6: [] }) : $store.events
}

// Gives each lagoon something of its own: returns a function that gives that of the current one.
export const perLagoon = (make, key = make) => {
  let outside = make()
  return () => {
    let lagoon = currentLagoon()
    if (!lagoon) return outside
    if (!lagoon.parts.has(key)) lagoon.parts.set(key, make())
    return lagoon.parts.get(key)
  }
}

// What ends something has to end it where it began, wherever it is called.
export const bound = fn => {
  if (!isDivided) return fn
  let lagoon = currentLagoon()
  return () => nanostoresGlobal.lagoons.run(lagoon, fn)
}

// For Astro, which sends the properties of what a component gets: of a store only its name.
export const showName = ($store, name) => {
  // A test may have a document
  if (globalThis.document) return
  for (let key of ['active', 'events', 'name', 'starting', ...Object.keys($store)]) {
    Object.defineProperty($store, key, {
      configurable: true,
      enumerable: false,
      writable: true
    })
  }
  Object.defineProperty($store, 'lagoon:store', { value: name, enumerable: true })
}
