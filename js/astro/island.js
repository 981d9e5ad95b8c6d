// Stands in front of a framework's hydration: gives a component the stores that it was given on the
// server, and has it drawn anew where the stores have moved on since its HTML was made.
import { nanostoresGlobal } from '#lagoons'
import { isKnown, isStale, start } from './client.js'

const STORE = 'lagoon:store'

const isObject = value => typeof value === 'object' && value !== null

const storeOf = async name => {
  if (!nanostoresGlobal.shared.has(name)) {
    let { load } = await import('virtual:lagoon/stores')
    await load(name)
  }
  let entry = nanostoresGlobal.shared.get(name)
  if (!entry) {
    throw new Error(
      `Lagoon: a component was given the store '${name}', but nobody shares it in the browser. ` +
        `Call share('${name}', …) with the name as a literal, or in a module that the component imports`
    )
  }
  return entry.store
}

// The name in what the server has put in place of a store: the page's key comes first. What visitors have
// written may look the same, but has no such key.
const nameIn = value => {
  let [, key, name] = /^(\S+) ([^]*)$/.exec(value[STORE]) ?? []
  return isKnown(key) ? name : undefined
}

const reviveAll = values => Promise.all([...values].map(revive))

// The store that a value stands for, or the value itself with the stores put into it: the props are this
// call's own.
const revive = async value => {
  if (!isObject(value)) return value
  let name = nameIn(value)
  if (name) return storeOf(name)
  if (value instanceof Map) {
    let [keys, values] = [await reviveAll(value.keys()), await reviveAll(value.values())]
    value.clear()
    keys.forEach((key, i) => value.set(key, values[i]))
  } else if (value instanceof Set) {
    let values = await reviveAll(value)
    value.clear()
    values.forEach(each => value.add(each))
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    for (let [key, each] of Object.entries(value)) {
      let revived = await revive(each)
      if (revived !== each) value[key] = revived
    }
  }
  return value
}

/** Takes the browser's side of a renderer of Astro, and what is put around the component of an island. */
export const hydrateIsland =
  (original, wrap) => island => async (Component, props, slots, options) => {
    await start()
    await revive(props)
    // The framework draws it as it does without the server's HTML
    let client = isStale(island) ? 'only' : options.client
    if (wrap) Component = wrap(island, Component)
    return original(island)(Component, props, slots, { ...options, client })
  }
