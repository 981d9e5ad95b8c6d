// The stores of svelte/store as stores of Lagoon. A subscriber is called with each value that was
// written, and what a store needs is started and stopped with its first and last listener, at once:
// so says Svelte's contract. To everybody else they are atoms.
import { bound, perLagoon, touch } from '#lagoons'
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
const jobs = perLagoon(() => ({
  writes: [],
  stale: [],
  lowest: 0,
  isSettling: false,
  isDelivering: false
}))

const markStale = derived => {
  let all = jobs()
  let { level } = derived
  derived.marks++
  all.stale[level] ??= []
  all.stale[level].push(derived)
  if (level < all.lowest) all.lowest = level
}

const takeStale = all => {
  for (; all.lowest < all.stale.length; all.lowest++) {
    let list = all.stale[all.lowest]
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
  let all = jobs()
  if (all.isSettling) return
  all.isSettling = true
  let thrown
  for (let count = 1; ; count++) {
    let job = all.writes.shift() ?? takeStale(all)
    if (!job) break
    try {
      if (count > MANY) fail(job.$store, ENDLESS)
      job.run()
    } catch (error) {
      thrown = [error]
    }
  }
  all.isSettling = false
  if (thrown) throw thrown[0]
}

// The listener of this atom settles. All that it tells waits until it is through, as what any listener writes, so that
// nobody is called in between.
const $turn = atom()

const settleInTurn = $store => {
  let { isSettling, isDelivering } = jobs()
  if (isSettling || isDelivering) return settle()
  touch($turn)
  if (!$turn.lc) $turn.listen(settle)
  // It stands for the store in errors
  $turn.name = $store.name
  $turn.notify()
}

const deliver = (run, value) => {
  let all = jobs()
  let outer = all.isDelivering
  all.isDelivering = true
  try {
    run(value)
  } finally {
    all.isDelivering = outer
  }
}

const createStore = (initialValue, start = noop, level = 0) => {
  if (process.env.NODE_ENV !== 'production') needFunction(start, 'the start of a store')
  let $store = atom(initialValue)
  // Its listeners are the subscribers, and its changed key carries a value that was written. In a
  // batch it carries none, and they are called once.
  let $subscribers = atom()
  let own = perLagoon(() => ({
    invalidates: new Set(),
    deriveds: new Set(),
    holds: new Set(),
    stop: undefined
  }))
  let { get, listen, notify, off, set } = $store
  let update = fn => set(fn($store.value))

  let begin = () => {
    let mine = own()
    // It may come to subscribe to itself
    mine.stop = noop
    try {
      mine.stop = untracked(() => start(set, update)) || noop
    } catch (error) {
      mine.stop = undefined
      throw error
    }
  }

  $store.eq = isUnchanged

  $store.get = () => {
    let { isSettling, writes, lowest, stale } = jobs()
    if (!isSettling && (writes.length || lowest < stale.length)) untracked(settle)
    return get()
  }

  // Subscribers and deriveds hold the store: they count as listeners, and the engine has no part in it
  $store.listen = listener => {
    touch($store)
    let mine = own()
    if (!mine.stop) begin()
    if (listener !== noop) return listen(listener)
    let hold = {}
    mine.holds.add(hold)
    $store.lc++
    return bound(() => {
      if (mine.holds.delete(hold) && !--$store.lc) $store.off()
    })
  }

  $store.off = () => {
    let mine = own()
    let end = mine.stop
    mine.stop = undefined
    off()
    untracked(() => end?.())
  }

  $store.notify = oldValue => {
    if (!$store.lc) return notify(oldValue)
    let { value } = $store
    let { deriveds, invalidates } = own()
    let { writes } = jobs()
    let write = {
      $store,
      run() {
        deriveds.forEach(markStale)
        for (let { invalidate } of invalidates) invalidate()
        notify(oldValue)
        touch($subscribers)
        if ($subscribers.lc) $subscribers.notify(undefined, { value })
      }
    }
    writes.push(write)
    try {
      settleInTurn($store)
    } catch (error) {
      // It was one too many: nobody is told of this write, but what reads it is stale
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
    let { invalidates } = own()
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
      let { invalidates, deriveds, holds } = own()
      for (let set of [invalidates, deriveds, holds]) set.clear()
      cleanAtom.call($store)
    }
  }

  nodes.set($store, { level, deriveds: () => own().deriveds })
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

  let join = (source, node) => {
    let deriveds = node.deriveds()
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
