// A function that runs again whenever a store it uses changed.
import {
  adopt,
  callAll,
  COMPUTED,
  DYNAMIC,
  EFFECT,
  enter,
  isActive,
  isHere,
  update
} from '#lagoons'
import { needFunction, needStores } from './fail.js'
import { endChildren, endTracking, own, scope, track, tracker } from './track.js'

// An effect in another one may have to end, which that knows when it is current.
const updateOwners = it => {
  if (!it || !isHere(it)) return
  updateOwners(it.owner)
  if (it.sink?.node && !isActive(it.sink)) update(it.sink)
}

const unlisted = fn => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'effect()')

  let isEnded = false
  let isRunning = false
  let cleanUp

  // Before each run but the first, and at the end
  let tidy = () => {
    let last = cleanUp
    cleanUp = undefined
    try {
      endChildren(it)
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
    isRunning = true
    try {
      if (it.owner) updateOwners(it.owner)
      if (!isEnded && (cleanUp || it.children)) tidy()
      if (isEnded) return
      let result = track(it, fn)
      if (typeof result === 'function') cleanUp = result
    } finally {
      isRunning = false
      if (isEnded) end()
    }
  }

  let sink = { node: 0, _recompute: run, _alarm: run, _run: undefined }
  let it = tracker(sink)

  let stop = own(() => {
    if (isEnded) return
    isEnded = true
    if (isRunning) return
    let outer = enter()
    try {
      end()
    } finally {
      enter(outer)
    }
  })

  adopt(sink, COMPUTED + DYNAMIC + EFFECT)
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
  if (process.env.NODE_ENV !== 'production') {
    needStores(stores, 'effect()')
    needFunction(fn, 'effect()')
  }

  let cleanUp
  let unbinds = []
  let run = () => {
    let outer = enter()
    try {
      if (cleanUp) cleanUp()
      cleanUp = fn(...stores.map($store => $store.get()))
    } finally {
      enter(outer)
    }
  }

  try {
    for (let $store of stores) unbinds.push($store.listen(run))
    run()
  } catch (error) {
    callAll(unbinds)
    throw error
  }

  return own(() => {
    try {
      callAll(unbinds)
    } finally {
      if (cleanUp) cleanUp()
    }
  })
}

export const effect = (stores, fn) => (fn ? listed(stores, fn) : unlisted(stores))

// Owns the effects that are made while `fn` runs, and ends them together.
export const effectScope = fn => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'effectScope()')
  let it = scope()
  let stop = own(() => endChildren(it))
  let outer = enter(it)
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
