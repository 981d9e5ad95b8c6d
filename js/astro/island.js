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

// Puts the stores into the props, which are this call's own.
const revive = async parent => {
  for (let [key, value] of Object.entries(parent)) {
    if (!isObject(value)) continue
    let name = nameIn(value)
    if (name) parent[key] = await storeOf(name)
    else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
      await revive(value)
  }
}

export const hydrateIsland = original => island => async (Component, props, slots, options) => {
  await start()
  await revive(props)
  // The framework draws it as it does without the server's HTML
  let client = isStale(island) ? 'only' : options.client
  return original(island)(Component, props, slots, { ...options, client })
}
