// The one file that knows the engine: gives its nodes their stores, listeners and values. Who depends
// on whom, what is stale and what runs next, only the engine knows. What needs no graph is in js/listeners.js.
import makeEngine from '#engine'
import { fail, nameOf, needFunction } from './fail.js'
import {
  changeNow,
  changesLeft,
  connect,
  countChange,
  disconnect,
  disconnectAll,
  dropChanges,
  emit,
  enter,
  failEndless,
  isLong,
  isTelling,
  nanostoresGlobal,
  noChanges,
  replace,
  replaceDisconnectAll,
  swapChanges,
  tell
} from './listeners.js'

// What js/listeners.js does with a store that has no node. What is to be done with any store is in connectAny(),
// disconnectAny(), disconnectAllAny() and emitAny(), which take their place there at the end of this file.
const connectAlone = connect
const disconnectAlone = disconnect
const disconnectAllAlone = disconnectAll
const emitAlone = emit

let engine
let memory
let makeNode
let link
let unlink
let notify
let nextStep
let pull
let giveUp
let engineBatch
let touch
let untrack
let freeNode

const use = next => {
  engine = next
  if (!next) return
  ;({ memory, b: makeNode, c: link, d: unlink, e: notify, f: nextStep, g: pull } = next)
  ;({ h: giveUp, i: engineBatch, j: touch, k: untrack, l: freeNode } = next)
}

// The engine's memory in words of four bytes, and where its state stands there: `lg_graph` in
// src/graph.h, at the address that the Makefile gives to the linker.
let words
const SOURCE = 4
const NOTICE = 5
const QUEUE = 11
const STACK = 13

// A node there, and an edge.
const FIRST_OUT = 0
const FIRST_IN = 1
const FLAGS = 3
const NEWEST = 4
const CURSOR = 5
const PARENT = 7
const SINK = 1
const NEXT_OUT = 2
const NEXT_IN = 4
const DUE = 6

// A notice: which source changed, and the first and last edge to deliver it on.
const NOTICE_SOURCE = 1
const NOTICE_NUMBER = 2
const NOTICE_FIRST = 3
const NOTICE_LAST = 4

// Flags of a node.
const LISTENER = 1
export const COMPUTED = 2
export const DEFERRED = 4
export const DYNAMIC = 8
export const EFFECT = 4096
const DIRTY = 32
const STALE = 48
const FEEDS = 8192
const RUNNING = 64
const WAITING = 128
const HELD = 2048

// The old view is left empty when the memory grows.
const view = () => {
  words = new Uint32Array(memory.buffer)
}

// To be called before the first node is made, and not before it is needed: it takes a browser some milliseconds.
export const wake = () => {
  if (engine) return
  let made = makeEngine()
  made.a()
  use(made)
  view()
}

// What `unlink` answers.
const SOURCE_FREED = 2
const SINK_FREED = 4

// The host's side of the nodes: for each the store, the effect, or the function that listens. An id is an
// address; a record has 32 bytes.
let hosts = []

// A function that listens has the id of its node written on it, which takes a fraction of what a map of functions
// takes. The map has those that can't be written on, have something there already, or stand for a sink: see
// listenerOf().
const NODE = Symbol('lagoon')
let sinks = new Map()

// A proxy may give anything, or throw.
const read = listener => {
  try {
    return listener[NODE]
  } catch {
    return NODE
  }
}

// To fail takes long, and to ask whether it will, not quite as long.
let hasFailed = false

const write = (listener, sink) => {
  try {
    if (hasFailed && !Object.isExtensible(listener)) return false
    listener[NODE] = sink
    return listener[NODE] === sink
  } catch {
    hasFailed = true
    return false
  }
}

const sinkOf = listener => {
  let sink = read(listener)
  if (typeof sink === 'number' && hosts[sink >> 5] === listener) return sink
  return (sinks.size > 0 && sinks.get(listener)) || 0
}

const addSink = (listener, sink) => {
  if (read(listener) || !write(listener, sink)) sinks.set(listener, sink)
}

const deleteSink = listener => {
  if (!sinks.size || !sinks.delete(listener)) write(listener, 0)
}

// Somebody may have copied the properties of another function to this one.
const findSink = ($store, listener) => {
  let edge = words[$store.node / 4 + FIRST_OUT]
  for (; edge; edge = words[edge / 4 + NEXT_OUT]) {
    let sink = words[edge / 4 + SINK]
    if (hosts[sink >> 5] === listener) return sink
  }
}

const put = (id, host) => {
  // Without holes, however far the ids are apart: V8 would turn the list into a dictionary
  while (hosts.length < id >> 5) hosts.push(undefined)
  hosts[id >> 5] = host
}

// What the notices in the queue carry: the old value, and the changed key of a map.
let oldValues = []
let changedKeys = []
let notices = 0

// More of them in the middle of one update, beyond one per node, and it counts as endless.
const MANY = 1e6
let followUps = 0

// So many listeners of a store the engine finds faster than a search in a list.
const MOST = 1000

// While one of them is on, what is written waits in the queue: a listener is called when no computed
// is half way.
let draining = false
let computing = 0
let batching = false

// The atoms that the open batch has written, by node, with the value from before.
let suspects = new Map()

const checkMemory = (answer, $store) => {
  if (!words.length) view()
  if (!answer) fail($store, 'gets no more memory for the engine')
  return answer
}

// The names of the stores on the way from a node to itself. `reader`, a node as well, reads `wanted` just now.
const cycleAt = (start, reader, wanted) => {
  let readBy = new Map()
  let queue = [start]
  let add = (source, node) => {
    if (readBy.has(source)) return
    readBy.set(source, node)
    queue.push(source)
  }
  for (let node of queue) {
    for (let edge = words[node / 4 + FIRST_IN]; edge; edge = words[edge / 4 + NEXT_IN]) {
      add(words[edge / 4], node)
    }
    if (wanted && node === reader) add(wanted, node)
  }
  let names = []
  for (let node = readBy.get(start); node && node !== start; node = readBy.get(node)) {
    names.unshift(nameOf(hosts[node >> 5]))
  }
  return [nameOf(hosts[start >> 5]), ...names]
}

export const failWithCycle = ($store, names) => {
  let way = names.length > 1 ? ` (${[...names, names[0]].join(' → ')})` : ''
  fail($store, `depends on itself${way}. Let its function read other stores`)
}

const failCycle = (reader, wanted) => {
  let node = words[SOURCE]
  let names = process.env.NODE_ENV === 'production' ? [] : cycleAt(node, reader, wanted)
  failWithCycle(hosts[node >> 5], names)
}

const forget = id => {
  let host = hosts[id >> 5]
  hosts[id >> 5] = undefined
  if (typeof host === 'function') {
    deleteSink(host)
  } else if (host) {
    host.node = 0
    if (host._run) sinks.delete(host._run)
    if (suspects.size) suspects.delete(id)
  }
}

// The node of a function, or of a sink.
const idOf = listener => (typeof listener === 'function' ? sinkOf(listener) : listener.node)

const linkTo = ($store, listener) => {
  let known = idOf(listener)
  // It was cleaned up while a source was mounted for it
  if (!known && typeof listener !== 'function') return
  checkMemory(link($store.node, known), $store)
  if (!$store.node) put(($store.node = words[SOURCE]), $store)
  if (known) return
  let sink = words[NOTICE]
  put(sink, listener)
  addSink(listener, sink)
}

const unlinkFrom = ($store, listener) => {
  let sink = idOf(listener)
  let answer = sink && unlink($store.node, sink)
  if (!answer) {
    sink = findSink($store, listener)
    answer = sink && unlink($store.node, sink)
  }
  if (answer & SOURCE_FREED) forget($store.node)
  if (answer & SINK_FREED) forget(sink)
  return answer
}

// Links the functions that listen to a store without a node, in their order. The list is gone only when all are linked.
const takeOver = $store => {
  let { _listeners: list } = $store
  if (!list) return
  let count = 0
  try {
    for (let listener of list) {
      linkTo($store, listener)
      count++
    }
  } catch (error) {
    for (let listener of list.slice(0, count)) unlinkFrom($store, listener)
    throw error
  }
  $store._listeners = undefined
}

// Takes over what is still to be told, as if the engine had told the others: each change becomes a notice that begins
// with the listener whose turn it is, and ends with the last of those that there were.
const takeOverAll = () => {
  for (let change of changesLeft()) {
    let { $store, oldValue, changedKey, next, end } = change
    takeOver($store)
    change.end = 0
    if (next >= end) continue
    queue($store, oldValue, changedKey)
    let edge = words[($store.node >> 2) + FIRST_OUT]
    let notice = words[($store.node >> 2) + NEWEST] >> 2
    for (let i = 1; i <= end; i++) {
      if (i === next + 1) words[notice + NOTICE_FIRST] = edge
      words[notice + NOTICE_LAST] = edge
      edge = words[(edge >> 2) + NEXT_OUT]
    }
  }
  dropChanges()
}

const join = $store => {
  wake()
  if (isTelling()) takeOverAll()
  takeOver($store)
}

// `listener` is a function, which may stand for a sink, or a sink that has its node.
const connectAny = ($store, listener) => {
  let { node, _listeners: list } = $store
  let isKnown = node || typeof listener !== 'function' || (sinks.size > 0 && sinks.has(listener))
  if (!isKnown && !(list?.length >= MOST)) return connectAlone($store, listener)
  join($store)
  linkTo($store, listener)
}

const disconnectAny = ($store, listener) => {
  if (!$store.node) return disconnectAlone($store, listener)
  // Its functions may be told just now: see listenersBelow()
  let change = changeNow()
  if (change?.$store === $store) disconnectAlone({ _listeners: change.list }, listener)
  return unlinkFrom($store, listener)
}

// The store that was linked just now.
export const lastSource = () => hosts[words[SOURCE] >> 5]

// What stands for a sink where a function has to: as an argument of a package's listen().
export const listenerOf = $sink => {
  $sink._run ||= () => $sink._alarm()
  sinks.set($sink._run, $sink.node)
  return $sink._run
}

const disconnectAllAny = $store => {
  disconnectAllAlone($store)
  let edge
  let lost = new Set()
  while ((edge = $store.node && words[$store.node / 4 + FIRST_OUT])) {
    let sink = words[edge / 4 + SINK]
    let isDynamic = words[sink / 4 + FLAGS] & DYNAMIC
    lost.add(sink)
    unlinkFrom($store, hosts[sink >> 5])
    if (isDynamic) {
      // It no longer knows of this store until it runs again
      words[sink / 4 + FLAGS] |= DIRTY
      touch(sink)
    }
  }
  // All below it ask their sources from now on, which nobody tells of changes any more
  for (let sink of lost) {
    let host = hosts[sink >> 5]
    if (!host) continue
    if (host._isCovered) host._isCovered = host._isDirect = false
    edge = words[sink / 4 + FIRST_OUT]
    for (; edge; edge = words[edge / 4 + NEXT_OUT]) lost.add(words[edge / 4 + SINK])
  }
}

// Gives a computed or an effect its node, which stays until it is released.
export const adopt = ($sink, kind) => {
  join($sink)
  let { node } = $sink
  if (node) {
    // It got a listener while it was about to be mounted, in its own onMount()
    words[node / 4 + FLAGS] |= kind + HELD + DIRTY
    touch(node)
  } else {
    node = $sink.node = checkMemory(makeNode(kind + HELD), $sink)
    put(node, $sink)
  }
}

// Its sources are linked. Who came meanwhile and read it had it computed when the engine did not know
// of all of them.
export const unhold = ({ node }) => {
  words[node / 4 + FLAGS] = (words[node / 4 + FLAGS] & ~HELD) | DIRTY
}

export const release = $sink => {
  let { node } = $sink
  words[node / 4 + FLAGS] &= ~HELD
  if (words[node / 4 + FIRST_IN] || words[node / 4 + FIRST_OUT]) return
  freeNode(node)
  forget(node)
}

// Whether it is the store itself that the engine knows by its node.
export const isOurs = $store => hosts[$store.node >> 5] === $store

// How many sources the engine knows of a computed.
export const countSources = ({ node }) => {
  let count = 0
  let edge = words[node / 4 + FIRST_IN]
  for (; edge; edge = words[edge / 4 + NEXT_IN]) count++
  return count
}

// Tracking. The sources that a sink has read in this run are its edges up to the cursor. As long as
// it reads what it read in its last run, in that order, only the cursor moves.
export const beginRun = ({ node }) => {
  words[node / 4 + CURSOR] = 0
}

const nextEdge = sink => {
  let last = words[(sink >> 2) + CURSOR]
  return last ? words[(last >> 2) + NEXT_IN] : words[(sink >> 2) + FIRST_IN]
}

// An open batch has written it. It may give the store its old value back, so the engine asks whether it
// has changed.
const isSuspect = flags => flags & STALE && !(flags & COMPUTED)

// The sink has read a store. False: the two are not linked, or not in this order.
export const advance = (sink, $store) => {
  let { node } = $store
  let flags = words[(node >> 2) + FLAGS]
  if (isSuspect(flags)) {
    update($store)
    flags = 0
  }
  let edge = nextEdge(sink)
  if (!edge || words[edge >> 2] !== node) return false
  if (flags & (STALE + RUNNING)) {
    // It failed: the sink stays stale with it
    checkMemory(link(node, sink), $store)
  } else {
    words[(sink >> 2) + CURSOR] = edge
  }
  return true
}

// The stores that the sink has read in this run.
export const readSources = ({ node }) => {
  let list = []
  let last = words[(node >> 2) + CURSOR]
  let edge = last && words[(node >> 2) + FIRST_IN]
  while (edge) {
    list.push(hosts[words[edge >> 2] >> 5])
    edge = edge === last ? 0 : words[(edge >> 2) + NEXT_IN]
  }
  return list
}

export const hasUnread = sink => nextEdge(sink) !== 0

// Takes the sink off a store that it has not read in this run, and returns that store.
export const dropUnread = sink => {
  if (!nextEdge(sink)) return
  let answer = untrack(sink)
  let $store = hosts[words[SOURCE] >> 5]
  if (answer & SOURCE_FREED) forget($store.node)
  return $store
}

export const isComputed = listener =>
  sinks.has(listener) && words[sinks.get(listener) / 4 + FLAGS] & COMPUTED

// Whether its function runs, or waits for what it reads.
export const isActive = ({ node }) => (words[(node >> 2) + FLAGS] & (RUNNING + WAITING)) !== 0

// What is active, from this sink on: each waits for the next one.
export const activeFrom = ({ node }) => {
  let list = []
  for (let id = words[STACK]; id; id = id === node ? 0 : words[(id >> 2) + PARENT]) {
    list.unshift(hosts[id >> 5])
  }
  return list
}

// Neither of these: it has the value that it is to have.
export const isCurrent = ({ node }) =>
  (words[(node >> 2) + FLAGS] & (STALE + RUNNING + WAITING)) === 0

export const isStale = ({ node }) => (words[(node >> 2) + FLAGS] & STALE) !== 0

const compareLater = ({ node }, oldValue) => {
  if (!suspects.has(node) && isSuspect(words[node / 4 + FLAGS])) suspects.set(node, oldValue)
}

const compare = $store => {
  let { node } = $store
  let oldValue = suspects.get(node)
  suspects.delete(node)
  if (!$store.eq(oldValue, $store.value)) touch(node)
}

// An atom has no function to call: the engine asks whether a batch has changed it.
const recompute = host => {
  if (host._recompute) host._recompute()
  else compare(host)
}

const isEndless = () => draining && ++followUps > MANY + hosts.length

// Queues a notice in the engine.
const queue = ($store, oldValue, changedKey) => {
  checkMemory(notify($store.node, notices), $store)
  oldValues[notices] = oldValue
  changedKeys[notices++] = changedKey
}

const isUpdating = () => draining || batching || computing > 0

const isFree = () => !isUpdating() && !isTelling()

// The functions that listen to a store with a node, if nothing else is below it and nothing waits: then the engine has no
// say in it.
const listenersBelow = ({ node }) => {
  let edge = words[(node >> 2) + FIRST_OUT]
  if (!edge || words[(node >> 2) + FLAGS] & FEEDS || words[QUEUE]) return
  let list = [hosts[words[(edge >> 2) + SINK] >> 5]]
  while ((edge = words[(edge >> 2) + NEXT_OUT])) {
    // Who leaves is searched in it
    if (list.length === MOST) return
    list.push(hosts[words[(edge >> 2) + SINK] >> 5])
  }
  return list
}

const emitAny = ($store, oldValue, changedKey) => {
  let { node, _listeners: list } = $store
  // A store without a node has to wait until those are told that were written before
  if (!node && !(list?.length && (notices || isUpdating() || isLong())))
    return emitAlone($store, oldValue, changedKey)
  countChange()
  let isNow = isFree()
  list = isNow && changedKey !== FAILED && listenersBelow($store)
  if (list) return tell(list, $store, oldValue, changedKey)
  if (isEndless()) failEndless($store)
  join($store)
  queue($store, oldValue, batching && changedKey !== FAILED ? undefined : changedKey)
  if (batching) compareLater($store, oldValue)
  if (isNow) drain()
}

// The same as the last act of the computed that runs: the engine is told with the next step.
export const emitLast = ($computed, oldValue) => {
  if ($computed.node !== running || !running || batching) return emitAny($computed, oldValue)
  nanostoresGlobal.epoch++
  if (isEndless()) failEndless($computed)
  if (isTelling()) takeOverAll()
  pending = notices
  oldValues[notices] = oldValue
  changedKeys[notices++] = undefined
}

const suppress = $store => {
  if (isOurs($store)) touch($store.node)
}

// In place of a changed key: the store has failed, or gives the same value again after that.
const FAILED = {}

// That is a change for who tracks the store; listeners only get values.
export const emitFailure = $computed => emitAny($computed, $computed.value, FAILED)

const passOn = (id, oldValue) => {
  if (words[(id >> 2) + FLAGS] & DEFERRED) {
    hosts[id >> 5]._alarm()
  } else {
    let value = hosts[words[SOURCE] >> 5].get()
    // A batch calls nobody again for a change that came afterwards
    if (batching && !Object.is(value, oldValue)) hosts[id >> 5](value, oldValue)
  }
}

// Which node's function runs; what it changed as its last act, the engine is told with the next step.
let running = 0
let pending = -1

const takePending = () => {
  let notice = pending
  pending = -1
  return notice
}

// `wanted` is the node that is to be current
const compute = (id, wanted) => {
  let isDone = false
  let outer = enter()
  let outerRunning = running
  running = id
  computing++
  try {
    if (id) recompute(hosts[id >> 5])
    else failCycle(outerRunning, wanted)
    isDone = true
  } finally {
    running = outerRunning
    computing--
    enter(outer)
    if (!isDone) {
      pending = -1
      // Node 0 was not on the engine's stack
      if (id) giveUp()
    }
  }
}

// The next listener of the same notice, if the queue goes on with one: the engine is only asked for the
// last.
const nextListener = ({ node }, number) => {
  let notice = words[QUEUE] >> 2
  let edge = words[notice + NOTICE_FIRST]
  if (
    !edge ||
    edge === words[notice + NOTICE_LAST] ||
    words[notice + NOTICE_NUMBER] !== number ||
    words[notice + NOTICE_SOURCE] !== node ||
    batching ||
    words[STACK]
  )
    return
  let sink = words[(edge >> 2) + SINK]
  if (!(words[(sink >> 2) + FLAGS] & LISTENER) || words[(edge >> 2) + DUE]) return
  words[notice + NOTICE_FIRST] = words[(edge >> 2) + NEXT_OUT]
  return hosts[sink >> 5]
}

const step = () => {
  let id = nextStep(takePending())
  if (!words.length) view()
  return id
}

const drain = () => {
  let isOutermost = !draining
  let outer = enter()
  let thrown
  if (isOutermost) followUps = 0
  draining = true
  while (words[QUEUE] || words[STACK]) {
    try {
      for (let id = step(); id;) {
        if (id < 0) {
          running = ~id
          computing = 1
          if (id === -1) failCycle()
          recompute(hosts[running >> 5])
          computing = running = 0
          id = step()
        } else {
          let notice = words[NOTICE]
          let $store = hosts[words[SOURCE] >> 5]
          let oldValue = oldValues[notice]
          let changedKey = changedKeys[notice]
          let host = hosts[id >> 5]
          if (changedKey === FAILED) passOn(id, oldValue)
          else if (typeof host !== 'function') host._alarm()
          else {
            do host($store.value, oldValue, changedKey)
            while ((host = nextListener($store, notice)))
          }
          id = words[QUEUE] || words[STACK] ? step() : 0
        }
      }
    } catch (error) {
      thrown = [error]
      pending = -1
      if (running) giveUp()
      computing = running = 0
      enter()
    }
  }
  if (isOutermost) {
    draining = false
    // Not before: the update around is still to deliver what has a number of these. Around a listener that tell() calls
    // there is none, for its changes were taken over
    while (notices) oldValues[--notices] = changedKeys[notices] = undefined
  }
  enter(outer)
  if (thrown) throw thrown[0]
}

export const batch = fn => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production') needFunction(fn, 'batch()')
  if (batching) {
    fn()
    return
  }
  wake()
  if (isTelling()) takeOverAll()
  batching = true
  engineBatch(true)
  try {
    fn()
  } finally {
    try {
      if (!computing) drain()
    } finally {
      batching = false
      engineBatch(false)
    }
  }
}

// Calls what computes something that the engine does not know. Listeners wait until that is done.
export const settle = fn => {
  let outer = enter()
  computing++
  try {
    fn()
  } finally {
    computing--
    enter(outer)
    if (notices && isFree()) drain()
  }
}

// Whether a computed that is running has a source in another engine.
const isForeign = ({ hasForeign, sources, _source, _isCovered }) =>
  hasForeign || ((_source || sources) && !_isCovered)

// Makes a mounted computed current. True: it keeps its old value for now.
export const update = $computed => {
  let { node } = $computed
  if (!isStale($computed)) return
  try {
    let id = pull(node, false, -1)
    while (id) {
      // Not a cycle: the other copy of the package that it reads has called a listener meanwhile
      if (id === -1 && isForeign(hosts[words[SOURCE] >> 5])) return true
      compute(~id, node)
      // With the node itself computed, it only remains to say so
      id = pull(~id === node ? 0 : node, true, takePending())
      if (!words.length) view()
    }
  } finally {
    if (notices && isFree()) drain()
  }
}

// A listener was called without the engine, which may have something to tell after it.
const goOn = () => {
  if (notices) drain()
}

// For js/lagoons.js, on servers. A frame is all that changes in this file. It belongs to one lagoon, the
// first to that of the process.
export const firstFrame = {}

export const makeFrame = ownEngine => {
  ownEngine.a()
  return {
    engine: ownEngine,
    words: new Uint32Array(ownEngine.memory.buffer),
    hosts: [],
    sinks: new Map(),
    suspects: new Map(),
    oldValues: [],
    changedKeys: [],
    notices: 0,
    followUps: 0,
    draining: false,
    computing: 0,
    batching: false,
    running: 0,
    pending: -1,
    ...noChanges()
  }
}

// Whether a function in here has called one of the user's, and goes on after that.
export const isBusy = () => isUpdating() || isTelling()

export const swapFrames = (last, next) => {
  last.engine = engine
  last.words = words
  last.hosts = hosts
  last.sinks = sinks
  last.suspects = suspects
  last.oldValues = oldValues
  last.changedKeys = changedKeys
  last.notices = notices
  last.followUps = followUps
  last.draining = draining
  last.computing = computing
  last.batching = batching
  last.running = running
  last.pending = pending
  words = next.words
  hosts = next.hosts
  sinks = next.sinks
  suspects = next.suspects
  oldValues = next.oldValues
  changedKeys = next.changedKeys
  notices = next.notices
  followUps = next.followUps
  draining = next.draining
  computing = next.computing
  batching = next.batching
  running = next.running
  pending = next.pending
  swapChanges(last, next)
  use(next.engine)
}

replace(connectAny, disconnectAny, emitAny, suppress, goOn)
if (process.env.NODE_ENV !== 'production') replaceDisconnectAll(disconnectAllAny)

// Calls all of them, also if one throws.
export const callAll = fns => {
  let thrown
  for (let fn of fns) {
    try {
      fn()
    } catch (error) {
      thrown = [error]
    }
  }
  if (thrown) throw thrown[0]
}
