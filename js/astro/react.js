// Islands of React. React hydrates an island some time after it is told to, and what is in a <Suspense> even
// later. Stores may have moved on by then: useStore() begins with the values that the HTML was made with.
import { createContext, createElement } from 'react'
import { nanostoresGlobal } from '#lagoons'
import { pastOf } from './client.js'
import { valueIn } from './past.js'

// What gives useStore() of js/react.js the value in the HTML. All copies of the package have the same.
const Context = (nanostoresGlobal.htmlValue ||= createContext())

// The HTML of an island shows one value of a store, and React wants the same each time it asks.
const htmlValueOf = island => {
  let known = new Map()
  let find = $store => {
    let value = $store.get()
    try {
      let past = pastOf(island)
      return past.size ? valueIn(past, $store) : value
    } catch {
      return value
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
  if (last?.Component === Component) return last.Wrapped
  let value = htmlValueOf(island)
  let Wrapped = props => createElement(Context.Provider, { value }, createElement(Component, props))
  wrapped.set(island, { Component, Wrapped })
  return Wrapped
}
