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
  h: settle,
  i: engineBatch,
  j: touch
} = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(bytes.match(/../g), hex => parseInt(hex, 16)))
).exports

start()

// What the engine says about its last step, in words of four bytes (src/graph.h, `step`).
const SOURCE = 4
const NOTICE = 5
const ERROR = 6
const CYCLE = 1

// What `unlink` answers.
const SOURCE_FREED = 2
const SINK_FREED = 4

// A node's id is its address; a record has 32 bytes.
const stores = []
const runs = []
const sinks = new Map()
const place = id => id >> 5

// What the queued notices carry: the old value, and the changed key of a map.
let oldValues = []
let changedKeys = []

// While one of them is on, what is written waits in the queue: a listener is called when no computed
// is half way.
let draining = 0
let computing = 0
let batching = false

// The epoch is shared with every other copy of the package on the page, and with Nano Stores.
export const nanostoresGlobal = (globalThis.nanostoresGlobal ||= { epoch: 0 })

let words = new Uint32Array(memory.buffer)

// Growing the memory leaves the old view empty.
const step = word => {
  if (!words.length) words = new Uint32Array(memory.buffer)
  return words[word]
}

const put = (list, id, value) => {
  // Without holes, however far the ids are apart: V8 would turn the list into a dictionary.
  while (list.length < place(id)) list.push(undefined)
  list[place(id)] = value
}

const outOfMemory = () => {
  throw new Error('Lagoon: the engine got no memory for another store or listener')
}

const nameOf = id => stores[place(id)]?.name || 'a store'

// Node 0 is the engine's way to say that it found an error.
runs.push(() => {
  let name = nameOf(step(SOURCE))
  throw new Error(
    step(ERROR) === CYCLE
      ? `Lagoon: ${name} depends on itself. Remove it from the stores that its function reads`
      : `Lagoon: the listeners of ${name} change it again and again. Let them stop at some value`
  )
})

const forget = id => {
  let $store = stores[place(id)]
  if ($store) $store.node = 0
  stores[place(id)] = runs[place(id)] = undefined
}

export const connect = ($store, listener) => {
  if (!link($store.node, sinks.get(listener) || 0)) outOfMemory()
  $store.node = step(SOURCE)
  put(stores, $store.node, $store)
  put(runs, step(NOTICE), listener)
  sinks.set(listener, step(NOTICE))
}

export const disconnect = ($store, listener) => {
  let sink = sinks.get(listener)
  let result = sink && $store.node && unlink($store.node, sink)
  if (result & SOURCE_FREED) forget($store.node)
  if (result & SINK_FREED) {
    sinks.delete(listener)
    forget(sink)
  }
  return result
}

// For tests: takes all listeners off a store without telling anybody.
export const disconnectAll = $store => {
  let listener
  while ((listener = firstListener($store.node))) disconnect($store, listener)
}

const firstListener = id => {
  // words 0 of a node: its first edge; word 1 of an edge: its sink
  let edge = id && step(id / 4)
  return edge && runs[place(step(edge / 4 + 1))]
}

// The kinds of a computed node.
export const COMPUTED = 2
export const DEFERRED = 6

export const adopt = ($computed, run, kind) => {
  if (!$computed.node) $computed.node = makeNode(kind) || outOfMemory()
  put(stores, $computed.node, $computed)
  put(runs, $computed.node, run)
  sinks.set(run, $computed.node)
}

export const isOurs = $store => stores[place($store.node)] === $store

export const emit = ($store, oldValue, changedKey) => {
  nanostoresGlobal.epoch++
  if ($store.node) {
    if (!notify($store.node, oldValues.length)) outOfMemory()
    oldValues.push(oldValue)
    changedKeys.push(batching ? undefined : changedKey)
    if (!draining && !batching) drain()
  }
}

export const suppress = $store => {
  if ($store.node) touch($store.node)
}

const drain = () => {
  if (computing) return
  let thrown
  let id
  draining++
  while ((id = next())) {
    try {
      if (id < 0) {
        compute(id)
      } else {
        let notice = step(NOTICE)
        runs[place(id)](stores[place(step(SOURCE))].value, oldValues[notice], changedKeys[notice])
      }
    } catch (e) {
      thrown = [e]
    }
  }
  draining--
  oldValues = []
  changedKeys = []
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
      drain()
    } finally {
      batching = false
      engineBatch(false)
    }
  }
}

const compute = id => {
  computing++
  try {
    runs[place(~id)]()
  } finally {
    computing--
  }
}

// Makes a mounted computed current.
export const update = $computed => {
  let root = $computed.node
  let id
  while ((id = pull(root))) {
    compute(id)
    if (~id === root) break
  }
  if (!draining && !batching && oldValues.length) drain()
}

export { settle }
