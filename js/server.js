// Servers: a lagoon for each request, with values, a graph, timers and a count of tasks of its own for
// every store. What belongs to whom, js/lagoons.js knows.
import { AsyncLocalStorage } from 'node:async_hooks'
import { enter, isServer, nanostoresGlobal } from '#lagoons'
import { needFunction } from './fail.js'
import { deserialize, join, serialize, split } from './serialize.js'
import { isAcceptable, shared } from './share.js'
import { allTasks } from './task.js'

const divide = () => {
  nanostoresGlobal.lagoons = new AsyncLocalStorage()
  for (let divideCopy of nanostoresGlobal.divide) divideCopy()
}

const skip = (name, reason) => {
  console.error(`Lagoon: the snapshot's value for '${name}' is left out: ${reason}`)
}

// A computed follows the stores it is made of, also in the browser.
const isSource = $store => $store.set && !('sources' in $store)

export const createLagoon = () => {
  if (!isServer) {
    throw new Error(
      'Lagoon: createLagoon() is for servers, and this is a bundle for browsers. Bundle it with the condition ' +
        "'node' or 'workerd', and without 'browser'"
    )
  }
  if (!nanostoresGlobal.lagoons) divide()
  // What belongs to it: that of each store by store, and what the modules keep
  let lagoon = { parts: new Map() }
  // What changes() has given, by name
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

  let touched = () =>
    run(() => [...shared].filter(([, { store }]) => isSource(store) && lagoon.parts.has(store)))

  let valueOf = $store => run(() => $store.value)

  return {
    allTasks: () => run(allTasks),

    changes() {
      let changed = touched().filter(
        ([name, { store }]) => !told.has(name) || !Object.is(told.get(name), valueOf(store))
      )
      let pairs = changed.map(([name, { store }]) => [name, serialize(name, valueOf(store))])
      for (let [name, { store }] of changed) told.set(name, valueOf(store))
      return pairs.length ? join(pairs) : ''
    },

    hydrate(snapshot) {
      for (let [name, flat] of split(snapshot)) {
        let entry = shared.get(name)
        if (!entry || !isSource(entry.store)) {
          skip(name, 'no store is shared by that name. Share one, or leave it out')
          continue
        }
        let value = deserialize(flat)
        if (isAcceptable(entry, value)) run(() => entry.store.set(value))
        else
          skip(name, "it has another shape than the store. Let 'accepts' of share() say what fits")
      }
    },

    run,

    snapshot: () =>
      join(touched().map(([name, { store }]) => [name, serialize(name, valueOf(store))]))
  }
}
