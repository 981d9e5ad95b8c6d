// The one file that knows the engine: instantiates it, and gives its nodes their stores, listeners
// and values. Who depends on whom, what is stale and what runs next, only the engine knows.
import bytes from './engine.js'

const {
  memory,
  a: start,
  b: makeNode,
  c: link,
  d: unlink,
  e: notify,
  f: next,
  g: pull,
  h: giveUp,
  i: engineBatch,
  j: touch,
  k: untrack,
  l: freeNode
} = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(bytes.match(/../g), hex => parseInt(hex, 16)))
).exports

start()

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
const CURSOR = 5
const SINK = 1
const NEXT_IN = 4

// Flags of a node.
export const COMPUTED = 2
export const DEFERRED = 4
export const DYNAMIC = 8
export const EFFECT = 4096
const DIRTY = 32
const STALE = 48
const RUNNING = 64
const HELD = 2048

// The old view is left empty when the memory grows.
const view = () => {
  words = new Uint32Array(memory.buffer)
}

view()

// What `unlink` answers.
const SOURCE_FREED = 2
const SINK_FREED = 4

// The host's side of the nodes: a store for each that somebody listens to, a function for each
// that listens. An id is an address; a record has 32 bytes.
const stores = []
const runs = []
const sinks = new Map()

const put = (list, id, value) => {
  // Without holes, however far the ids are apart: V8 would turn the list into a dictionary
  while (list.length < id >> 5) list.push(undefined)
  list[id >> 5] = value
}

// What the notices in the queue carry: the old value, and the changed key of a map.
const oldValues = []
const changedKeys = []
let notices = 0

// More of them in the middle of one update, beyond one per node, and it counts as endless.
const MANY = 1e6
let followUps = 0

// While one of them is on, what is written waits in the queue: a listener is called when no computed
// is half way.
let draining = false
let computing = 0
let batching = false

// Who runs now and is told what is read: see js/track.js. Not while listeners are called, or what
// has a list of stores.
export let current

export const enter = next => {
  let outer = current
  current = next
  return outer
}

// The epoch is shared with every other copy of the package on the page, and with Nano Stores.
export const nanostoresGlobal = (globalThis.nanostoresGlobal ||= { epoch: 0 })

const checkMemory = answer => {
  if (!words.length) view()
  if (!answer) throw new Error('Lagoon: the engine got no memory for another store or listener')
  return answer
}

export const nameOf = $store => $store?.name || 'a store'

export const fail = ($store, text) => {
  throw new Error(`Lagoon: ${nameOf($store)} ${text}`)
}

// The names of the stores on the way from a node to itself.
const cycleAt = start => {
  let readBy = new Map()
  let queue = [start]
  for (let node of queue) {
    for (let edge = words[node / 4 + FIRST_IN]; edge; edge = words[edge / 4 + NEXT_IN]) {
      let source = words[edge / 4]
      if (readBy.has(source)) continue
      readBy.set(source, node)
      queue.push(source)
    }
  }
  let names = []
  for (let node = readBy.get(start); node && node !== start; node = readBy.get(node)) {
    names.unshift(nameOf(stores[node >> 5]))
  }
  return [nameOf(stores[start >> 5]), ...names]
}

export const failWithCycle = ($store, names) => {
  let way = names.length > 1 ? ` (${[...names, names[0]].join(' → ')})` : ''
  fail($store, `depends on itself${way}. Let its function read other stores`)
}

// Node 0 is the engine's way to say that it found a cycle.
runs.push(() => {
  let node = words[SOURCE]
  let names = process.env.NODE_ENV === 'production' ? [] : cycleAt(node)
  failWithCycle(stores[node >> 5], names)
})

const forget = id => {
  if (stores[id >> 5]) stores[id >> 5].node = 0
  sinks.delete(runs[id >> 5])
  stores[id >> 5] = runs[id >> 5] = undefined
}

export const connect = ($store, listener) => {
  checkMemory(link($store.node, sinks.get(listener) || 0))
  let sink = words[NOTICE]
  put(stores, ($store.node = words[SOURCE]), $store)
  put(runs, sink, listener)
  sinks.set(listener, sink)
}

export const disconnect = ($store, listener) => {
  let sink = sinks.get(listener)
  let answer = sink && $store.node && unlink($store.node, sink)
  if (answer & SOURCE_FREED) forget($store.node)
  if (answer & SINK_FREED) forget(sink)
  return answer
}

// For tests: takes all listeners off a store without telling anybody.
export const disconnectAll = $store => {
  let edge
  while ((edge = $store.node && words[$store.node / 4 + FIRST_OUT])) {
    let sink = words[edge / 4 + SINK]
    let isDynamic = words[sink / 4 + FLAGS] & DYNAMIC
    if (stores[sink >> 5]) stores[sink >> 5].isLinked = false
    disconnect($store, runs[sink >> 5])
    if (isDynamic) {
      // It no longer knows of this store until it runs again
      words[sink / 4 + FLAGS] |= DIRTY
      touch(sink)
    }
  }
}

// Gives a computed or an effect its node, which stays until it is released.
export const adopt = ($sink, run, kind) => {
  let { node } = $sink
  if (node) {
    // It got a listener while it was about to be mounted, in its own onMount()
    words[node / 4 + FLAGS] |= kind + HELD + DIRTY
    touch(node)
  } else {
    node = $sink.node = checkMemory(makeNode(kind + HELD))
  }
  put(stores, node, $sink)
  put(runs, node, run)
  sinks.set(run, node)
}

export const unhold = ({ node }) => {
  words[node / 4 + FLAGS] &= ~HELD
}

export const release = $sink => {
  let { node } = $sink
  unhold($sink)
  if (words[node / 4 + FIRST_IN] || words[node / 4 + FIRST_OUT]) return
  freeNode(node)
  forget(node)
}

const isOurs = $store => stores[$store.node >> 5] === $store

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
  let last = words[sink / 4 + CURSOR]
  return last ? words[last / 4 + NEXT_IN] : words[sink / 4 + FIRST_IN]
}

// The sink has read a store. False: the two are not linked, or not in this order.
export const advance = (sink, $store) => {
  let { node } = $store
  // It was written in a batch
  if (!(words[node / 4 + FLAGS] & COMPUTED)) update($store)
  let edge = nextEdge(sink)
  if (!node || !edge || words[edge / 4] !== node) return false
  if (words[node / 4 + FLAGS] & (STALE + RUNNING)) {
    // It failed: the sink stays stale with it
    checkMemory(link(node, sink))
  } else {
    words[sink / 4 + CURSOR] = edge
  }
  return true
}

// Whether the sink has read the store in this run.
export const wasRead = (sink, { node }) => {
  let last = words[sink / 4 + CURSOR]
  if (!last) return false
  let edge = words[sink / 4 + FIRST_IN]
  while (edge !== last && words[edge / 4] !== node) edge = words[edge / 4 + NEXT_IN]
  return words[edge / 4] === node
}

// Takes the sink off a store that it has not read in this run, and returns that store.
export const dropUnread = sink => {
  if (!nextEdge(sink)) return
  let answer = untrack(sink)
  let $store = stores[words[SOURCE] >> 5]
  if (answer & SOURCE_FREED) forget($store.node)
  return $store
}

export const isComputed = listener =>
  sinks.has(listener) && words[sinks.get(listener) / 4 + FLAGS] & COMPUTED

export const isRunning = ({ node }) => !!(words[node / 4 + FLAGS] & RUNNING)

// A batch may give a store its old value back, so the engine asks whether it has changed.
const compareLater = ($store, oldValue) => {
  let { node } = $store
  if (runs[node >> 5] || !(words[node / 4 + FLAGS] & STALE)) return
  put(runs, node, () => {
    runs[node >> 5] = undefined
    if (!$store.eq(oldValue, $store.value)) touch(node)
  })
}

export const emit = ($store, oldValue, changedKey) => {
  nanostoresGlobal.epoch++
  if ($store.node) {
    if (draining && ++followUps > MANY + stores.length) {
      fail($store, 'is changed by its listeners without end. Let them stop at some value')
    }
    checkMemory(notify($store.node, notices))
    oldValues[notices] = oldValue
    changedKeys[notices++] = batching ? undefined : changedKey
    if (batching) compareLater($store, oldValue)
    if (!draining && !batching && !computing) drain()
  }
}

// The store changed, but onNotify() doesn't want anybody to be told.
export const suppress = $store => {
  if (isOurs($store)) touch($store.node)
}

// In place of an old value: the store has failed.
const FAILED = {}

// A tracked computed has failed. That is a change for who tracks it; listeners only get a value.
export const emitFailure = $computed => emit($computed, FAILED)

const passOnFailure = id => {
  if (words[id / 4 + FLAGS] & DEFERRED) {
    runs[id >> 5](FAILED)
  } else {
    stores[words[SOURCE] >> 5].get()
  }
}

const compute = id => {
  let isDone = false
  let outer = enter()
  computing++
  try {
    runs[id >> 5]()
    isDone = true
  } finally {
    computing--
    current = outer
    // Node 0 was not on the engine's stack
    if (id && !isDone) giveUp()
  }
}

const drain = () => {
  let isOutermost = !draining
  let outer = enter()
  let thrown
  if (isOutermost) followUps = 0
  draining = true
  try {
    while (words[QUEUE] || words[STACK]) {
      let id = next()
      try {
        if (id < 0) {
          compute(~id)
        } else if (id) {
          let notice = words[NOTICE]
          let oldValue = oldValues[notice]
          if (oldValue === FAILED) {
            passOnFailure(id)
          } else {
            runs[id >> 5](stores[words[SOURCE] >> 5].value, oldValue, changedKeys[notice])
          }
        }
      } catch (error) {
        thrown = [error]
      }
    }
  } finally {
    if (isOutermost) draining = false
    current = outer
  }
  while (notices) oldValues[--notices] = changedKeys[notices] = undefined
  if (thrown) throw thrown[0]
}

export const batch = fn => {
  if (batching) {
    fn()
    return
  }
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
    current = outer
    if (notices && !draining && !batching && !computing) drain()
  }
}

// Makes a mounted computed current.
export const update = ({ node }) => {
  if (!(words[node / 4 + FLAGS] & STALE)) return
  try {
    let id = pull(node, false)
    while (id) {
      compute(~id)
      // With the node itself computed, it only remains to say so
      id = pull(~id === node ? 0 : node, true)
    }
  } finally {
    if (notices && !draining && !batching && !computing) drain()
  }
}
