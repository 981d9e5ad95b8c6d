// Servers: which lagoon is current, and what a store holds in it. Until js/server.js makes the first
// lagoon, all stores belong to the process, and what is here passes its arguments on to js/core.js and js/listeners.js.
//
// Browsers get js/one-lagoon.js in its place.
import * as core from './core.js'
import makeEngine, { swap } from './engine-no-wasm.js'
import * as listeners from './listeners.js'

const { nanostoresGlobal } = listeners

export { callAll, COMPUTED, DEFERRED, DYNAMIC, EFFECT, failWithCycle } from './core.js'
export { enter, nanostoresGlobal } from './listeners.js'

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
    frame = core.makeFrame(makeEngine())
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

// Calls a function of js/core.js in the current lagoon. Its frame stays there until another one is needed,
// for a page reads many stores of one lagoon in a row. In the middle of an update it gives way at once.
const here = (fn, a, b, c) => {
  let lagoon = currentLagoon()
  if (lagoon === lagoonInCore) return fn(a, b, c)
  let outer = lagoonInCore
  let outerFrame = frameInCore
  let isBusy = core.isBusy()
  swapTo(lagoon, frameOf(lagoon))
  if (!isBusy) return fn(a, b, c)
  try {
    return fn(a, b, c)
  } finally {
    swapTo(outer, outerFrame)
  }
}

export const connect = ($store, listener) =>
  isDivided ? here(listeners.connect, $store, listener) : listeners.connect($store, listener)

export const disconnect = ($store, listener) =>
  isDivided ? here(listeners.disconnect, $store, listener) : listeners.disconnect($store, listener)

export const lastSource = () => (isDivided ? here(core.lastSource) : core.lastSource())

export const listenerOf = $sink =>
  isDivided ? here(core.listenerOf, $sink) : core.listenerOf($sink)

export const disconnectAll = $store =>
  isDivided ? here(listeners.disconnectAll, $store) : listeners.disconnectAll($store)

export const wake = () => (isDivided ? here(core.wake) : core.wake())

export const adopt = ($sink, kind) =>
  isDivided ? here(core.adopt, $sink, kind) : core.adopt($sink, kind)

export const unhold = $sink => (isDivided ? here(core.unhold, $sink) : core.unhold($sink))

export const release = $sink => (isDivided ? here(core.release, $sink) : core.release($sink))

export const countSources = $sink =>
  isDivided ? here(core.countSources, $sink) : core.countSources($sink)

export const beginRun = $sink => (isDivided ? here(core.beginRun, $sink) : core.beginRun($sink))

export const advance = (sink, $store) =>
  isDivided ? here(core.advance, sink, $store) : core.advance(sink, $store)

export const readSources = $sink =>
  isDivided ? here(core.readSources, $sink) : core.readSources($sink)

export const hasUnread = sink => (isDivided ? here(core.hasUnread, sink) : core.hasUnread(sink))

export const dropUnread = sink => (isDivided ? here(core.dropUnread, sink) : core.dropUnread(sink))

export const isComputed = listener =>
  isDivided ? here(core.isComputed, listener) : core.isComputed(listener)

export const isActive = $sink => (isDivided ? here(core.isActive, $sink) : core.isActive($sink))

export const activeFrom = $sink =>
  isDivided ? here(core.activeFrom, $sink) : core.activeFrom($sink)

export const isCurrent = $sink => (isDivided ? here(core.isCurrent, $sink) : core.isCurrent($sink))

export const isStale = $sink => (isDivided ? here(core.isStale, $sink) : core.isStale($sink))

const emitHere = ($store, oldValue, changedKey) => {
  if (!$store[OWN]) {
    // A package has written its value past set(), before anybody has used it
    let { value } = $store
    $store.value = oldValue
    isolate($store)
    $store.value = value
  }
  // If nobody listens to it, there is nobody to tell
  return $store.node || $store._listeners
    ? here(listeners.emit, $store, oldValue, changedKey)
    : listeners.emit($store, oldValue, changedKey)
}

export const emit = ($store, oldValue, changedKey) =>
  isDivided ? emitHere($store, oldValue, changedKey) : listeners.emit($store, oldValue, changedKey)

export const emitLast = ($store, oldValue) =>
  isDivided ? here(core.emitLast, $store, oldValue) : core.emitLast($store, oldValue)

export const suppress = $store =>
  isDivided ? here(listeners.suppress, $store) : listeners.suppress($store)

export const isOurs = $store => (isDivided ? here(core.isOurs, $store) : core.isOurs($store))

export const emitFailure = $store =>
  isDivided ? here(core.emitFailure, $store) : core.emitFailure($store)

export const update = $sink => (isDivided ? here(core.update, $sink) : core.update($sink))

export const batch = fn => (isDivided ? here(core.batch, fn) : core.batch(fn))

export const settle = fn => (isDivided ? here(core.settle, fn) : core.settle(fn))

// ---- The values of each lagoon ------------------------------------------------------------------

// What changes in a store. All else is its definition, and one for all lagoons.
const FIELDS = [
  'active',
  'awaited',
  'epoch',
  'failure',
  'hasForeign',
  '_hasRun',
  '_isCovered',
  '_isDirect',
  'isLeaving',
  '_isMounted',
  'isReading',
  'lc',
  '_links',
  '_listeners',
  'node',
  'previous',
  '_stage',
  'starting',
  'timer',
  '_tracker',
  'value'
]

// All copies of the package have the same, for one of them may listen to the events of another's store.
const OWN = Symbol.for('lagoon.own')

// The last one that was asked for.
let lastStore
let lastLagoon
let lastPart

const findPart = ($store, lagoon) => {
  let own = $store[OWN]
  if (!lagoon) return own.outside
  let part = lagoon.parts.get($store)
  if (!part) {
    // What its module gave it. What is written later outside of lagoons stays there
    if (!own.isUsed) own.initialValue = own.outside.value
    own.isUsed = true
    part = { lc: 0, node: 0, value: own.initialValue }
    lagoon.parts.set($store, part)
    noteShared($store, lagoon)
  }
  return part
}

const partOf = $store => {
  let lagoon = currentLagoon()
  if ($store !== lastStore || lagoon !== lastLagoon) {
    lastPart = findPart($store, lagoon)
    lastStore = $store
    lastLagoon = lagoon
  }
  return lastPart
}

// From the first lagoon on, stores of a class have a prototype with these in front of that of the class.
const fields = Object.fromEntries(
  FIELDS.map(field => [
    field,
    {
      get() {
        return partOf(this)[field]
      },
      set(value) {
        partOf(this)[field] = value
      }
    }
  ])
)

// So that nobody has to look at all stores to know that nothing was written
fields.value.set = function (value) {
  partOf(this).value = value
  if (lastLagoon) lastLagoon.writes++
}

const prototypes = new Map()

const divided = prototype => {
  let it = prototypes.get(prototype)
  if (!it) prototypes.set(prototype, (it = Object.create(prototype, fields)))
  return it
}

const isolate = $store => {
  let outside = {}
  let isUsed = 'sources' in $store
  for (let field of FIELDS) {
    outside[field] = $store[field]
    delete $store[field]
  }
  // Made in a lagoon, it is of no use outside
  if (outside._tracker?.home) outside._tracker = undefined
  Object.setPrototypeOf($store, divided(Object.getPrototypeOf($store)))
  Object.defineProperty($store, OWN, { value: { outside, isUsed, initialValue: undefined } })
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

// Gives each lagoon something of its own: returns a function that gives that of the current one. By a
// name, all copies of the package have the same.
export const perLagoon = (make, name) => {
  let outside = make()
  return () => {
    let lagoon = currentLagoon()
    if (!lagoon) return outside
    if (name) return (lagoon[name] ||= make())
    let own = lagoon.parts.get(make)
    if (!own) lagoon.parts.set(make, (own = make()))
    return own
  }
}

const callIn = (lagoon, fn) =>
  nanostoresGlobal.lagoons.run(lagoon, () => {
    // Who calls it does not track what it reads
    let outer = listeners.enter()
    try {
      fn()
    } finally {
      listeners.enter(outer)
    }
  })

// What ends something has to end it where it began, wherever it is called.
export const bound = fn => {
  let lagoon = currentLagoon()
  return () => (isDivided ? callIn(lagoon, fn) : fn())
}

// What takes a listener off, wherever it is called.
export const stopper = ($store, listener) => {
  let lagoon = currentLagoon()
  return () => {
    if (isDivided) callIn(lagoon, () => $store._silence(listener))
    else $store._silence(listener)
  }
}

// A page of a server may read a computed very often. Each read would mount it for a moment, and begin its
// unmount delay once more. In a lagoon a store that is mounted just stays so until the delay is over that
// began first, and one delay at a time will do.
const ON_START = 10
const ON_STOP = 11

export const isResting = $store =>
  currentLagoon() &&
  ($store.active || $store._stage) &&
  !$store.events?.[ON_START] &&
  !$store.events?.[ON_STOP]

const endOutside = (fn, $store) => {
  if (isDivided) callIn(undefined, () => fn($store))
  else fn($store)
}

export const leave = ($store, delay, fn) => {
  if (!currentLagoon()) return setTimeout(endOutside, delay, fn, $store)
  if ($store.isLeaving) return
  $store.isLeaving = true
  let end = () => {
    $store.isLeaving = false
    fn($store)
  }
  setTimeout(bound(end), delay)
}

// Whether who tracks does it in this lagoon, and not around a function that was taken along to another.
export const isHere = reader => !isDivided || reader.home === currentLagoon()

// ---- Shared names -------------------------------------------------------------------------------

// The lagoon knows which shared stores it has used.
export const noteShared = ($store, lagoon = currentLagoon()) => {
  if (lagoon?.parts.has($store) && nanostoresGlobal.names?.has($store)) lagoon.used.add($store)
}

// For Astro, which sends the properties of what a component gets: of a store only its name.
export const showName = ($store, name) => {
  // A test may have a document
  if (globalThis.document) return
  let later = $store[OWN] ? [] : ['active', 'hasForeign', 'starting']
  for (let key of ['events', 'name', ...later, ...Object.keys($store)]) {
    Object.defineProperty($store, key, {
      configurable: true,
      enumerable: false,
      writable: true
    })
  }
  Object.defineProperty($store, 'lagoon:store', {
    enumerable: true,
    // With the key that js/astro/page.js gives to a page, so that nobody else can name a store
    get() {
      let lagoon = currentLagoon()
      if (!lagoon?.key) return name
      touch($store)
      partOf($store)
      return `${lagoon.key} ${name}`
    }
  })
}
