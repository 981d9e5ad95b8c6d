// Stores that only functions listen to. To call one after the other takes no graph, so a page that has no computeds,
// effects or batches bundles this file without the engine. With them comes js/core.js, which puts its own functions in
// place of those below, and takes a store over when one of these uses or writes it: from then on the store has a node.
import { fail } from './fail.js'

// Shared by all copies of the package on the page: the epoch, with Nano Stores as well, and who runs
// now and is told what is read, see js/track.js. Nobody is while listeners are called, or what has a
// list of stores.
export const nanostoresGlobal = (globalThis.nanostoresGlobal ||= { epoch: 0 })

export const enter = next => {
  let outer = nanostoresGlobal.reader
  nanostoresGlobal.reader = next
  return outer
}

export const countChange = () => {
  let { reader } = nanostoresGlobal
  if (reader) reader.isWriting = true
  nanostoresGlobal.epoch++
}

// Changes that are still to be told: of which store, and the places in its list of the next listener and behind the
// last. What listeners write while they are called waits here.
let changes = []
let telling = false

// More changes in the middle of one, and it counts as endless.
const MANY = 1e6
let followUps = 0

// Adds a listener to a store.
export let connect = ($store, listener) => {
  if ($store._listeners) $store._listeners.push(listener)
  else $store._listeners = [listener]
}

// Takes a listener off a store. Returns something true if it listened.
export let disconnect = ($store, listener) => {
  let { _listeners: list } = $store
  let place = list ? list.indexOf(listener) : -1
  if (place < 0) return
  for (let change of changes) {
    if (change.$store === $store) {
      change.next -= place < change.next
      change.end -= place < change.end
    }
  }
  if (list.length < 2) $store._listeners = undefined
  // splice() would make a list of what it removes
  while (++place < list.length) list[place - 1] = list[place]
  return list.pop()
}

// For tests: takes all listeners off a store without telling anybody.
export let disconnectAll = $store => {
  $store._listeners = undefined
  for (let change of changes) if (change.$store === $store) change.end = 0
}

export const failEndless = $store =>
  fail($store, 'is changed by its listeners without end. Let them stop at some value')

// Calls a listener, if one is given, and then those that changes wait for.
export const tell = (listener, $store, oldValue, changedKey) => {
  let thrown
  let outer = enter()
  telling = true
  followUps = 0
  try {
    listener?.($store.value, oldValue, changedKey)
  } catch (error) {
    thrown = [error]
  }
  while (changes.length) {
    let change = changes[0]
    try {
      while (change.next < change.end)
        change.$store._listeners[change.next++](
          change.$store.value,
          change.oldValue,
          change.changedKey
        )
      // Unless the graph has taken all
      if (changes[0] === change) changes.shift()
    } catch (error) {
      thrown = [error]
    }
  }
  telling = false
  enter(outer)
  goOn?.()
  if (thrown) throw thrown[0]
}

// Tells who listens to a store that its value has changed.
export let emit = ($store, oldValue, changedKey) => {
  let { _listeners: list } = $store
  countChange()
  if (!list) return
  if (telling && ++followUps > MANY) failEndless($store)
  // The only one is told without a list of changes
  let only = !telling && list.length < 2 ? list[0] : undefined
  if (!only) changes.push({ $store, oldValue, changedKey, next: 0, end: list.length })
  if (!telling) tell(only, $store, oldValue, changedKey)
}

// The store changed, but onNotify() doesn't want anybody to be told.
export let suppress = () => {}

// Tells, after listeners were called here, what js/core.js has to tell.
let goOn

export const replace = (...next) => {
  ;[connect, disconnect, emit, suppress, goOn] = next
}

export const replaceDisconnectAll = next => {
  disconnectAll = next
}

// For js/core.js, which tells from now on what is still to be told.
export const takeChanges = () => {
  let taken = changes
  changes = []
  return taken
}

export const isTelling = () => telling

// For js/lagoons.js, on servers: what changes in this file.
export const noChanges = () => ({ changes: [], telling: false, changesAfter: 0 })

export const swapChanges = (last, next) => {
  last.changes = changes
  last.telling = telling
  last.changesAfter = followUps
  ;({ changes, telling, changesAfter: followUps } = next)
}
