// Islands of React. React hydrates an island some time after it is told to, and what is in a <Suspense> even
// later. Stores may have moved on by then: useStore() begins with the values that the HTML was made with.
import { createElement } from 'react'
import { nanostoresGlobal } from '#lagoons'
import { HtmlValue } from '../react-context.js'
import { htmlValuesOf } from './client.js'
import { pastWith } from './past.js'

// The HTML of an island shows one value of a store, and React wants the same each time it asks.
const htmlValueIn = island => {
  let changedValues = htmlValuesOf(island)
  let known = new Map()
  let epoch
  let past

  let find = $store => {
    let value = $store.get()
    try {
      if (epoch !== nanostoresGlobal.epoch) {
        let values = changedValues()
        past = values.size > 0 ? pastWith(values) : undefined
      }
      return past ? past($store) : value
    } catch {
      // It failed on the server, too, or reads what is only here
      return value
    } finally {
      epoch = nanostoresGlobal.epoch
    }
  }

  return $store => {
    if (!known.has($store)) known.set($store, find($store))
    return known.get($store)
  }
}

// By island. When it stays in the next page, React is to find the component that it knows.
const wrapped = new WeakMap()

/** Puts an island's component into one that draws nothing of its own. */
export const withHtmlValues = (island, Component) => {
  let last = wrapped.get(island)
  if (last?.Component === Component) return last.LagoonIsland
  let value = htmlValueIn(island)
  let LagoonIsland = props =>
    createElement(HtmlValue.Provider, { value }, createElement(Component, props))
  wrapped.set(island, { Component, LagoonIsland })
  return LagoonIsland
}
