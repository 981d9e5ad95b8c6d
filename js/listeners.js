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

// Changes: of which store, to which functions, and the places of the next one to be told and behind the last. What
// listeners write while they are called is told after that. Those before `place` are told.
let changes = []
let place = 0
let telling = false

// More changes in the middle of one, and it counts as endless.
const MANY = 2e6

// Adds a listener to a store.
export let connect = ($store, listener) => {
  if ($store._listeners) $store._listeners.push(listener)
  else $store._listeners = [listener]
}

// Takes a listener off a store. Returns something true if it listened.
export let disconnect = ($store, listener) => {
  let { _listeners: list = [] } = $store
  let index = list.indexOf(listener)
  if (index < 0) return
  for (let change of changes.slice(place)) {
    if (change.list === list) {
      change.next -= index < change.next
      change.end -= index < change.end
    }
  }
  // splice() would make a list of what it removes
  while (++index < list.length) list[index - 1] = list[index]
  return list.pop()
}

// For tests: takes all listeners off a store without telling anybody.
export let disconnectAll = $store => {
  for (let change of changes.slice(place)) if (change.$store === $store) change.end = 0
  $store._listeners = undefined
}

export const failEndless = $store =>
  fail($store, 'is changed by its listeners without end. Let them stop at some value')

// Calls the functions in a list, and after them those that other changes wait for.
export const tell = (list, $store, oldValue, changedKey) => {
  // The only one is called without a change
  if (telling || list.length > 1) {
    if (changes.length > MANY) failEndless($store)
    changes.push({ $store, list, oldValue, changedKey, next: 0, end: list.length })
  }
  if (telling) return
  let thrown
  let outer = enter()
  telling = true
  try {
    if (!changes.length) list[0]($store.value, oldValue, changedKey)
  } catch (error) {
    thrown = [error]
  }
  while (place < changes.length) {
    let change = changes[place]
    try {
      while (change.next < change.end)
        change.list[change.next++](change.$store.value, change.oldValue, change.changedKey)
      // What it held may go
      changes[place++] = undefined
    } catch (error) {
      thrown = [error]
    }
  }
  if (place) changes = []
  place = 0
  telling = false
  enter(outer)
  goOn?.()
  if (thrown) throw thrown[0]
}

// Tells who listens to a store that its value has changed.
export let emit = ($store, oldValue, changedKey) => {
  let { _listeners: list } = $store
  countChange()
  if (list?.length) tell(list, $store, oldValue, changedKey)
}

// The store changed, but onNotify() doesn't want anybody to be told.
export let suppress = () => {}

// Tells, after listeners were called here, what js/core.js has to tell.
let goOn

export const replace = (newConnect, newDisconnect, newEmit, newSuppress, tellMore) => {
  connect = newConnect
  disconnect = newDisconnect
  emit = newEmit
  suppress = newSuppress
  goOn = tellMore
}

// Apart, because a production build has no use for it.
export const replaceDisconnectAll = next => {
  disconnectAll = next
}

export const isTelling = () => telling

// For js/core.js: what is told just now, and all that is still to be told. It sets the `end` of what it takes over.
export const changeNow = () => changes[place]

export const changesLeft = () => changes.slice(place)

// All of these but the one that is told just now.
export const dropChanges = () => {
  if (changes.length > place + 1) changes.length = place + 1
}

// Whether so many wait that the engine finds those of one store faster.
export const isLong = () => telling && changes.length - place > 1000

// For js/lagoons.js, on servers: what changes in this file.
export const noChanges = () => ({ changes: [], place: 0, telling: false })

export const swapChanges = (last, next) => {
  last.changes = changes
  last.place = place
  last.telling = telling
  ;({ changes, place, telling } = next)
}
