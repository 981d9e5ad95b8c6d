// A function that runs again whenever a store it uses changed.
import { adopt, COMPUTED, current, DYNAMIC, EFFECT, enter, update } from './core.js'
import { endTracking, track, tracker } from './track.js'

// Makes `stop` end with the effect or scope around, if there is one.
const own = stop => {
  let children = current?.children
  let stopOnce = () => {
    children?.delete(stopOnce)
    stop()
  }
  children?.add(stopOnce)
  return stopOnce
}

// Calls all of them, also if one throws.
const stopAll = children => {
  for (let stop of children) {
    children.delete(stop)
    try {
      stop()
    } finally {
      // The others are stopped all the same
      if (children.size) stopAll(children)
    }
  }
}

const unlisted = fn => {
  if (typeof fn !== 'function') {
    throw new Error('Lagoon: effect() needs a function, after the stores if it has a list')
  }

  let children = new Set()
  let sink = { node: 0 }
  let isEnded = false
  let isRunning = false
  let cleanUp

  // Before each run but the first, and at the end
  let tidy = () => {
    let last = cleanUp
    cleanUp = undefined
    try {
      stopAll(children)
    } finally {
      last?.()
    }
  }

  let end = () => {
    try {
      endTracking(sink)
    } finally {
      tidy()
    }
  }

  let run = () => {
    if (isEnded) return
    isRunning = true
    try {
      tidy()
      let result = isEnded || track(it, fn)
      if (typeof result === 'function') cleanUp = result
    } finally {
      isRunning = false
      if (isEnded) end()
    }
  }

  let it = tracker(sink, run, children)

  let stop = own(() => {
    if (isEnded) return
    isEnded = true
    let outer = enter()
    try {
      if (!isRunning) end()
    } finally {
      enter(outer)
    }
  })

  adopt(sink, run, COMPUTED + DYNAMIC + EFFECT)
  try {
    update(sink)
  } catch (error) {
    stop()
    throw error
  }
  return stop
}

const listed = (stores, fn) => {
  if (!Array.isArray(stores)) stores = [stores]

  let cleanUp
  let unbinds = []
  let stop = () => {
    for (let unbind of unbinds) unbind()
  }
  let run = () => {
    let outer = enter()
    try {
      cleanUp?.()
      cleanUp = fn(...stores.map($store => $store.get()))
    } finally {
      enter(outer)
    }
  }

  try {
    for (let $store of stores) unbinds.push($store.listen(run))
    run()
  } catch (error) {
    stop()
    throw error
  }

  return own(() => {
    stop()
    cleanUp?.()
  })
}

export const effect = (stores, fn) => (fn ? listed(stores, fn) : unlisted(stores))

// Owns the effects that are made while `fn` runs, and ends them together.
export const effectScope = fn => {
  let children = new Set()
  let stop = own(() => stopAll(children))
  let outer = enter({ children, read() {} })
  try {
    fn()
  } catch (error) {
    stop()
    throw error
  } finally {
    enter(outer)
  }
  return stop
}
