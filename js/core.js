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
  j: touch
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
const STALE = 48
const DIRTY = 32

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

// The epoch is shared with every other copy of the package on the page, and with Nano Stores.
export const nanostoresGlobal = (globalThis.nanostoresGlobal ||= { epoch: 0 })

const checkMemory = answer => {
  if (!words.length) view()
  if (!answer) throw new Error('Lagoon: the engine got no memory for another store or listener')
  return answer
}

const fail = ($store, text) => {
  throw new Error(`Lagoon: ${$store?.name || 'a store'} ${text}`)
}

// Node 0 is the engine's way to say that it found a cycle.
runs.push(() => {
  fail(stores[words[SOURCE] >> 5], 'depends on itself. Let its function read other stores')
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

// For tests: takes all listeners off a store without telling anybody. Word 0 of a node is its first
// edge to a sink, word 1 of an edge that sink.
export const disconnectAll = $store => {
  let edge
  while ((edge = $store.node && words[$store.node / 4])) {
    let sink = words[edge / 4 + 1] >> 5
    if (stores[sink]) stores[sink].isTracked = false
    disconnect($store, runs[sink])
  }
}

// The kinds of a computed node.
export const COMPUTED = 2
export const DEFERRED = 6
const HELD = 2048

// Gives a computed its node. `connectAll` links it to what it listens to; until that is done the
// node is held, since a computed that is read meanwhile would lose it with that short listener.
export const adopt = ($computed, run, kind, connectAll) => {
  let { node } = $computed
  if (node) {
    // It got a listener while it was about to be mounted, in its own onMount()
    words[node / 4 + 3] |= kind + HELD + DIRTY
    touch(node)
  } else {
    node = $computed.node = checkMemory(makeNode(kind + HELD))
  }
  put(stores, node, $computed)
  put(runs, node, run)
  sinks.set(run, node)
  try {
    return connectAll()
  } finally {
    words[node / 4 + 3] &= ~HELD
  }
}

const isOurs = $store => stores[$store.node >> 5] === $store

// How many sources the engine knows of a computed. Word 1 of a node is its first edge from a source,
// word 4 of an edge the next one.
export const countSources = ({ node }) => {
  let count = 0
  for (let edge = words[node / 4 + 1]; edge; edge = words[edge / 4 + 4]) count++
  return count
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
    if (!draining && !batching && !computing) drain()
  }
}

// The store changed, but onNotify() doesn't want anybody to be told.
export const suppress = $store => {
  if (isOurs($store)) touch($store.node)
}

const compute = id => {
  let isDone = false
  computing++
  try {
    runs[id >> 5]()
    isDone = true
  } finally {
    computing--
    // Node 0 was not on the engine's stack
    if (id && !isDone) giveUp()
  }
}

const drain = () => {
  let isOutermost = !draining
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
          runs[id >> 5](stores[words[SOURCE] >> 5].value, oldValues[notice], changedKeys[notice])
        }
      } catch (error) {
        thrown = [error]
      }
    }
  } finally {
    if (isOutermost) draining = false
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

// Makes a mounted computed current.
export const update = ({ node }) => {
  if (!(words[node / 4 + 3] & STALE)) return
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
