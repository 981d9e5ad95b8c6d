// Which stores a function reads while it runs: they become the sources of its computed or effect.
import { atom } from './atom.js'
import {
  advance,
  beginRun,
  bound,
  callAll,
  connect,
  currentLagoon,
  dropUnread,
  enter,
  hasUnread,
  isHere,
  nanostoresGlobal,
  perLagoon,
  readSources,
  release
} from '#lagoons'
import { needFunction } from './fail.js'
import { link } from './store.js'

let runs = 0

// A store of another copy of the package has its node in another engine. An atom that is written
// whenever it changes stands for it here.
const standIns = perLagoon(() => new WeakMap())

const standInFor = $store => {
  let $standIn = standIns().get($store)
  if (!$standIn) {
    standIns().set($store, ($standIn = atom()))
    $standIn.eq = () => false
  }
  if (!$standIn.lc) $standIn.off = $store.listen(() => $standIn.notify())
  return $standIn
}

// Whether this run has read the store, in which another run may have read it, too.
const isKnown = (it, $store) => {
  if ($store.readIn <= it.number) return $store.readIn === it.number
  it.known ||= new Set(readSources(it.sink))
  return it.known.has($store)
}

// `owner` is the function `connect` of the copy that the store is from.
const read = ($store, owner) => {
  let it = nanostoresGlobal.reader
  if (!it.sink.node || !isHere(it)) return
  if (owner !== connect) {
    $store = standInFor($store)
    it.sink.hasForeign = true
  }
  if (!advance(it.sink.node, $store)) {
    if (isKnown(it, $store)) return
    let outer = enter()
    try {
      link($store, it.sink)
    } catch (error) {
      // Its function failed while it was mounted. It may recover
      link($store, it.sink)
      throw error
    } finally {
      enter(outer)
    }
  }
  $store.readIn = it.number
  it.known?.add($store)
}

const ignore = () => {}

// Who reads, and what is made meanwhile: that ends before the next run, and with it. `sink` gets its
// node from adopt(). A reader may also answer in place of the store, with `isPast`: see js/astro/past.js.
const reader = (read, sink, owner) => ({
  read,
  sink,
  owner,
  home: currentLagoon(),
  self: undefined,
  children: undefined,
  known: undefined,
  isWriting: false,
  // It is a property of its computed, and leads back to it
  toJSON: ignore,
  number: 0
})

export const tracker = sink => {
  let it = reader(read, sink, nanostoresGlobal.reader?.self)
  return (it.self = it)
}

export const scope = () => {
  let it = reader(ignore, undefined, nanostoresGlobal.reader?.self)
  return (it.self = it)
}

// Makes `stop` end with the effect, computed or scope around, if there is one.
export const own = end => {
  let stop = bound(end)
  let owner = nanostoresGlobal.reader?.self
  if (!owner) return stop
  let stopOwned = () => {
    owner.children?.delete(stopOwned)
    stop()
  }
  owner.children ||= new Set()
  owner.children.add(stopOwned)
  return stopOwned
}

export const endChildren = it => {
  let { children } = it
  it.children = undefined
  if (children) callAll(children)
}

// Takes the sink off what it has not read.
const drop = sink => {
  let thrown
  let $store
  while (sink.node && ($store = dropUnread(sink.node))) {
    try {
      if (!--$store.lc) $store.off()
    } catch (error) {
      thrown = [error]
    }
  }
  if (thrown) throw thrown[0]
}

// Nobody tracks what an end reads.
const dropOutside = (sink, outer) => {
  enter()
  try {
    drop(sink)
  } finally {
    enter(outer)
  }
}

// Runs `fn` for the sink of `it`, and links the sink to what that reads.
export const track = (it, fn) => {
  let { sink } = it
  let outer = enter(it)
  it.number = ++runs
  beginRun(sink)
  try {
    return fn()
  } finally {
    if (it.known) it.known = undefined
    // Usually it has read what it has read before
    if (sink.node && hasUnread(sink.node)) dropOutside(sink, outer)
    else enter(outer)
  }
}

export const endTracking = sink => {
  if (!sink.node) return
  beginRun(sink)
  try {
    drop(sink)
  } finally {
    release(sink)
  }
}

// Calls `fn`, whose reads are not tracked. Effects that it makes still belong to the effect around.
export const untracked = fn => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'untracked()')
  if (nanostoresGlobal.reader?.isPast) return fn()
  let owner = nanostoresGlobal.reader?.self
  let it = owner && reader(ignore)
  if (it) it.self = owner
  let outer = enter(it)
  try {
    return fn()
  } finally {
    enter(outer)
  }
}
