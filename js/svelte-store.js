// The stores of svelte/store as stores of Lagoon. A subscriber is called with each value that was
// written, and what a store needs is started and stopped with its first and last listener, at once:
// so says Svelte's contract. To everybody else they are atoms, whose listeners the engine calls.
import { atom } from './atom.js'
import { clean } from './clean-stores.js'
import { fail, needFunction } from './fail.js'
import { isUnchanged, subscribeTo } from './from-store.js'
import { untracked } from './track.js'

const noop = () => {}

// For each store its level, and the deriveds that read it. A level is one more than that of all that
// the store reads.
const nodes = new WeakMap()

// What was written and is not told yet; and the deriveds to run for it, in a list for each level. From
// the lowest up, each runs once, and never before one that it reads.
const writes = []
const stale = []
let lowest = 0
let isSettling = false

const markStale = derived => {
  let { level } = derived
  derived.marks++
  stale[level] ??= []
  stale[level].push(derived)
  if (level < lowest) lowest = level
}

const takeStale = () => {
  for (; lowest < stale.length; lowest++) {
    let list = stale[lowest]
    while (list?.length) {
      let derived = list.shift()
      // Its last place counts, as with Svelte
      if (!--derived.marks) return derived
    }
  }
}

// More of them in one update, and it counts as endless.
const MANY = 1e6
const ENDLESS = 'is changed by what is derived from it without end. Let it stop at some value'

const settle = () => {
  if (isSettling) return
  isSettling = true
  let thrown
  for (let jobs = 1; ; jobs++) {
    let job = writes.shift() ?? takeStale()
    if (!job) break
    try {
      if (jobs > MANY) fail(job.$store, ENDLESS)
      job.run()
    } catch (error) {
      thrown = [error]
    }
  }
  isSettling = false
  if (thrown) throw thrown[0]
}

// The engine's listener of this atom settles. All that it tells waits in the engine's queue until it
// is through, so that nobody is called in between.
const $turn = atom()
let isDelivering = false

const settleInTurn = $store => {
  if (isSettling || isDelivering) return settle()
  if (!$turn.lc) $turn.listen(settle)
  // It stands for the store in errors
  $turn.name = $store.name
  $turn.notify()
}

const deliver = (run, value) => {
  let outer = isDelivering
  isDelivering = true
  try {
    run(value)
  } finally {
    isDelivering = outer
  }
}

const createStore = (initialValue, start = noop, level = 0) => {
  if (process.env.NODE_ENV !== 'production') needFunction(start, 'the start of a store')
  let $store = atom(initialValue)
  // Its listeners are the subscribers, and its changed key carries a value that was written. In a
  // batch it carries none, and they are called once.
  let $subscribers = atom()
  let invalidates = new Set()
  let deriveds = new Set()
  let holds = new Set()
  let { get, listen, notify, off, set } = $store
  let update = fn => set(fn($store.value))
  let stop

  let begin = () => {
    // It may come to subscribe to itself
    stop = noop
    try {
      stop = untracked(() => start(set, update)) || noop
    } catch (error) {
      stop = undefined
      throw error
    }
  }

  $store.eq = isUnchanged

  $store.get = () => {
    if (!isSettling && (writes.length || lowest < stale.length)) untracked(settle)
    return get()
  }

  // Subscribers and deriveds hold the store: they count as listeners, and the engine has no part in it
  $store.listen = listener => {
    if (!stop) begin()
    if (listener !== noop) return listen(listener)
    let hold = {}
    holds.add(hold)
    $store.lc++
    return () => {
      if (holds.delete(hold) && !--$store.lc) $store.off()
    }
  }

  $store.off = () => {
    let end = stop
    stop = undefined
    off()
    untracked(() => end?.())
  }

  $store.notify = oldValue => {
    if (!$store.lc) return notify(oldValue)
    let { value } = $store
    let write = {
      $store,
      run() {
        deriveds.forEach(markStale)
        for (let { invalidate } of invalidates) invalidate()
        notify(oldValue)
        if ($subscribers.lc) $subscribers.notify(undefined, { value })
      }
    }
    writes.push(write)
    try {
      settleInTurn($store)
    } catch (error) {
      // The engine took no more: nobody is told of this write, but what reads it is stale
      if (writes.includes(write)) {
        writes.splice(writes.indexOf(write), 1)
        deriveds.forEach(markStale)
      }
      throw error
    }
  }

  $store.subscribe = (run, invalidate) => {
    if (process.env.NODE_ENV !== 'production') needFunction(run, 'subscribe()', $store)
    let release = $store.listen(noop)
    let value = untracked($store.get)
    let unbind = $subscribers.listen((_value, _oldValue, written) => {
      deliver(run, written ? written.value : $store.value)
    })
    let entry = { invalidate }
    if (invalidate) invalidates.add(entry)
    untracked(() => run(value))
    return () => {
      invalidates.delete(entry)
      unbind()
      release()
    }
  }

  Object.defineProperty($subscribers, 'name', { get: () => $store.name })

  if (process.env.NODE_ENV !== 'production') {
    let cleanAtom = $store[clean]
    $store[clean] = () => {
      $subscribers[clean]()
      for (let set of [invalidates, deriveds, holds]) set.clear()
      cleanAtom()
    }
  }

  nodes.set($store, { level, deriveds })
  return $store
}

/* @__NO_SIDE_EFFECTS__ */
export const writable = (value, start) => {
  let $store = createStore(value, start)
  $store.update = fn => $store.set(fn($store.value))
  return $store
}

const withoutSet = $store => {
  delete $store.set
  return $store
}

/* @__NO_SIDE_EFFECTS__ */
export const readable = (value, start) => withoutSet(createStore(value, start))

const isStore = store => store.get && store.listen

// What goes wrong in an observable comes the way of `invalidate`.
const raise = error => {
  throw error
}

// Hands the values of stores to `derive`, at once and after each change, until it is stopped.
const follow = (sources, level, $store, derive) => {
  let unbinds = []
  // Of sources that can't be asked: what they said, and which of them will say more
  let said = []
  let pending = new Set()
  let isStarted = false

  let run = () => {
    if (!isStarted || pending.size) return
    derive(sources.map((source, i) => (isStore(source) ? source.get() : said[i])))
  }
  let derived = { $store, level, marks: 0, run }

  let join = (source, { deriveds }) => {
    deriveds.add(derived)
    let release = source.listen(noop)
    return () => {
      deriveds.delete(derived)
      release()
    }
  }

  let hear = (source, i) => {
    let listener = value => {
      said[i] = value
      pending.delete(i)
      if (!isStarted) return
      markStale(derived)
      settleInTurn($store)
    }
    return subscribeTo(source, listener, (...errors) => {
      errors.forEach(raise)
      pending.add(i)
    })
  }

  let stop = () => {
    isStarted = false
    for (let unbind of unbinds) unbind()
  }

  try {
    sources.forEach((source, i) => {
      let node = nodes.get(source)
      unbinds.push(node ? join(source, node) : hear(source, i))
    })
    isStarted = true
    run()
  } catch (error) {
    stop()
    throw error
  }
  return stop
}

/* @__NO_SIDE_EFFECTS__ */
export const derived = (stores, fn, initialValue) => {
  if (process.env.NODE_ENV !== 'production') needFunction(fn, 'derived()')
  let isSingle = !Array.isArray(stores)
  let sources = isSingle ? [stores] : stores
  let missing = sources.findIndex(source => !source)
  if (missing >= 0) {
    throw new TypeError(
      `Lagoon: derived() needs stores, and got ${sources[missing]} at place ${missing + 1}. ` +
        'Make that store first'
    )
  }
  let level = 1 + sources.reduce((max, source) => Math.max(max, nodes.get(source)?.level ?? 0), 0)

  let start = (set, update) => {
    let cleanUp = noop
    let stop = follow(sources, level, $derived, values => {
      let cleanUpLast = cleanUp
      cleanUp = noop
      cleanUpLast()
      let result = fn(isSingle ? values[0] : values, set, update)
      if (fn.length < 2) set(result)
      else if (typeof result === 'function') cleanUp = result
    })
    return () => {
      stop()
      cleanUp()
    }
  }
  let $derived = withoutSet(createStore(initialValue, start, level))
  return $derived
}

/* @__NO_SIDE_EFFECTS__ */
export const readonly = store => {
  if (!isStore(store)) return derived(store, value => value)
  let view = {
    ...store,
    get lc() {
      return store.lc
    },
    get value() {
      return store.value
    }
  }
  delete view.set
  delete view.update
  if (nodes.has(store)) nodes.set(view, nodes.get(store))
  return view
}

export const get = store => {
  let value
  if (store) {
    subscribeTo(store, current => {
      value = current
    })()
  }
  return value
}
