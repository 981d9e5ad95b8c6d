// The value that a store would have now if some stores still had the values from before.
import { enter } from '#lagoons'

const ignore = () => {}

const isComputed = $store => $store._fn && 'sources' in $store

/**
 * `past` holds values by store. A computed that is derived from none of these stores has the value of today.
 * Nobody is told anything, and all stores keep their values. Throws what a computed's function throws.
 */
export const valueIn = (past, $store) => {
  let known = new Map(past)
  let changed = new Set(past.keys())
  // The stores that have their past values just now, with those of today
  let replaced = new Map()
  let unbinds = []

  let replace = $each => {
    replaced.set($each, $each.value)
    $each.value = known.get($each)
  }

  let putBack = () => {
    for (let [$each, value] of replaced) $each.value = value
  }

  // What computes stores for everybody must not see the past.
  let today = fn => {
    let outer = enter()
    putBack()
    try {
      return fn()
    } finally {
      for (let $each of replaced.keys()) replace($each)
      enter(outer)
    }
  }

  let mount = $each => today(() => unbinds.push($each.listen(ignore)))

  let valueOf = $each => {
    if (known.has($each)) return known.get($each)
    let value = today(() => $each.get())
    // For what reads it on the way to its own past value
    known.set($each, value)
    if (!isComputed($each)) return value
    let pastValue = $each._source || $each.sources ? deriveListed($each) : deriveTracked($each)
    if (pastValue && !pastValue[0]?.then && !$each.eq(value, pastValue[0])) {
      known.set($each, pastValue[0])
      changed.add($each)
    }
    return known.get($each)
  }

  // Both return the value in a list, or nothing if it can only be that of today.
  let deriveListed = ({ _fn: fn, _source: source, sources = [source] }) => {
    let values = sources.map(valueOf)
    return sources.some($each => changed.has($each)) ? [fn(...values)] : undefined
  }

  let deriveTracked = ({ _fn: fn }) => {
    let isChanged = false
    // A store that is read calls this before it returns its value
    let read = $each => {
      if (!replaced.has($each)) {
        let outer = enter()
        try {
          mount($each)
          valueOf($each)
        } finally {
          enter(outer)
        }
        replace($each)
      }
      isChanged ||= changed.has($each)
    }
    let outer = enter({ read })
    try {
      let value = fn()
      return isChanged ? [value] : undefined
    } finally {
      enter(outer)
    }
  }

  let outer = enter()
  try {
    return valueOf($store)
  } finally {
    putBack()
    for (let unbind of unbinds) unbind()
    enter(outer)
  }
}
