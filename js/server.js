// Servers: a lagoon for each request, with values, a graph, timers and a count of tasks of its own for
// every store. What belongs to whom, js/lagoons.js knows.
import { AsyncLocalStorage } from 'node:async_hooks'
import { enter, isServer, nanostoresGlobal } from '#lagoons'
import { needFunction } from './fail.js'
import { deserialize, join, serialize, split } from './serialize.js'
import { isAcceptable, isSource, nameOfShared, shared } from './share.js'
import { allTasks } from './task.js'

const divide = () => {
  nanostoresGlobal.lagoons = new AsyncLocalStorage()
  for (let divideCopy of nanostoresGlobal.divide) divideCopy()
}

// Each name once: snapshots may come from anywhere.
const MANY = 1000
const reported = new Set()

const skip = (name, reason, cause) => {
  if (reported.has(name) || reported.size >= MANY) return
  reported.add(name)
  let text = `Lagoon: the snapshot's value for '${name}' is left out: ${reason}`
  if (cause) console.error(text, cause)
  else console.error(text)
}

const hydrate = (name, flat) => {
  let entry = shared.get(name)
  if (!entry || !isSource(entry.store)) {
    return skip(name, 'no store is shared by that name. Share one, or leave it out')
  }
  try {
    let value = deserialize(flat)
    if (isAcceptable(entry, value)) entry.store.set(value)
    else skip(name, "it has another shape than the store. Let 'accepts' of share() say what fits")
  } catch (error) {
    skip(name, 'it failed', error)
  }
}

export const createLagoon = () => {
  if (!isServer) {
    throw new Error(
      'Lagoon: createLagoon() is for servers, and this is a bundle for browsers. Bundle it with the condition ' +
        "'node' or 'workerd', and without 'browser'"
    )
  }
  if (!nanostoresGlobal.lagoons) divide()
  // What belongs to it: that of each store by store, and what the modules keep; which shared stores it has
  // used; how often the value of some store was written
  let lagoon = { parts: new WeakMap(), used: new Set(), writes: 0 }
  // What changes() has given, by store
  let told = new Map()

  let run = (fn, ...args) => {
    if (typeof fn !== 'function') needFunction(fn, 'run() of a lagoon')
    // Who runs outside does not track what is read in here
    let outer = enter()
    try {
      return nanostoresGlobal.lagoons.run(lagoon, fn, ...args)
    } finally {
      enter(outer)
    }
  }

  let valueOf = $store => lagoon.parts.get($store).value

  // Not those that a reload has replaced
  let used = () =>
    [...lagoon.used].filter(
      $store => isSource($store) && shared.get(nameOfShared($store))?.store === $store
    )

  let write = stores =>
    join(
      stores.map($store => [nameOfShared($store), serialize(nameOfShared($store), valueOf($store))])
    )

  return {
    allTasks: () => run(allTasks),

    changes() {
      let changed = used().filter(
        $store => !told.has($store) || !Object.is(told.get($store), valueOf($store))
      )
      if (!changed.length) return ''
      let text = write(changed)
      for (let $store of changed) told.set($store, valueOf($store))
      return text
    },

    hydrate(snapshot) {
      let flats = split(snapshot)
      run(() => flats.forEach(([name, flat]) => hydrate(name, flat)))
    },

    run,

    snapshot: () => write(used())
  }
}
