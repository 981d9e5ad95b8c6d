// What stores had when the HTML of an island was made: the values that the server says, and what computeds derive
// from these. Nothing is written into a store. A computed's function runs once more, and whatever it reads meanwhile
// is answered from here: see reader() in js/track.js.
import { enter, nanostoresGlobal } from '#lagoons'
import { endChildren, scope } from '../track.js'

const isComputed = $store => $store._fn && 'sources' in $store

// The past of a store. `error` is a list with what it throws.
const take = fn => {
  try {
    return { value: fn(), error: undefined, isChanged: false }
  } catch (error) {
    return { value: undefined, error: [error], isChanged: false }
  }
}

const open = ({ value, error }) => {
  if (error) throw error[0]
  return value
}

/**
 * Takes the values of back then, by those stores that have others today. Returns a function that gives what any
 * store had, or throws what its function throws. It is of use until a store changes.
 */
export const pastWith = values => {
  let known = new Map()
  for (let [$store, value] of values)
    known.set($store, { value, error: undefined, isChanged: true })

  let find = $store => known.get($store) ?? findNew($store)

  let findNew = $store => {
    let outer = enter()
    let today = take(() => $store.get())
    enter(outer)
    // For what reads it on the way to its own past
    known.set($store, today)
    let past = isComputed($store) && derive($store)
    if (!past || (!past.error && !today.error && $store.eq(today.value, past.value))) return today
    known.set($store, past)
    return past
  }

  // Nothing if what it is derived from is as it was.
  let derive = ({ _fn: fn, _source: source, sources = source && [source] }) => {
    let isChanged = false
    let read = $store => {
      let past = find($store)
      isChanged ||= past.isChanged
      return { value: open(past) }
    }
    let reader = Object.assign(scope(), { read, isPast: true })
    let outer = enter(reader)
    let past = take(() => {
      if (!sources) return fn()
      let args = sources.map($store => read($store).value)
      return isChanged ? fn(...args) : undefined
    })
    enter(outer)
    // Effects that its function has made
    endChildren(reader)
    // What a computed of Nano Stores has derived meanwhile
    nanostoresGlobal.epoch++
    // A promise is of no use to a component
    if (isChanged && !past.value?.then) return { ...past, isChanged }
  }

  return $store => {
    let outer = enter()
    try {
      return open(find($store))
    } finally {
      enter(outer)
    }
  }
}
