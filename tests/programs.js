// Random programs for comparing two libraries with the API of Nano Stores: a program is data, `run`
// plays it and returns its trace, `shrink` makes a failing one small.

// A small generator of random numbers that can be seeded (mulberry32, by Tommy Ettinger).
export const random = seed => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = n => Math.floor(next() * n)
  return { below, chance: p => next() < p, pick: list => list[below(list.length)] }
}

const KEYS = ['a', 'b', 'c']
const PATHS = ['a', 'b', 'a.x', 'a.y', 'b[0]', 'b[1]', 'c.d[2].e']
const EVENTS = ['onStart', 'onStop', 'onMount', 'onSet', 'onNotify']

// What a program may contain beyond the plain things. A test leaves out where Lagoon differs from
// Nano Stores on purpose (docs/differences.md).
export const ALL = {
  throws: true,
  writesInListeners: true,
  events: true,
  aborts: true,
  reads: true,
  // computeds that throw
  failing: true,
  // stores whose computed value may be behind
  batched: true,
  // onNotify() that aborts
  suppressed: true,
  // the same function listening twice to the same store
  twins: true
}

export const generate = (seed, features = ALL) => {
  const { below, chance, pick } = random(seed)
  const kinds = ['atom', 'atom', 'map', 'deepMap', 'computed', 'computed', 'computed', 'computed']
  if (features.batched) kinds.push('batched')

  const stores = []
  const count = 2 + below(7)
  for (let i = 0; i < count; i++) {
    const kind = i < 1 ? 'atom' : pick(kinds)
    const store = { kind }
    if (kind === 'atom') {
      store.initial = below(3)
      if (chance(0.1)) store.eq = 'parity'
    } else if (kind === 'map') {
      if (chance(0.1)) store.eqKey = 'parity'
    } else if (kind !== 'deepMap') {
      store.from = Array.from({ length: 1 + below(3) }, () => below(i))
      store.fn = pick(['sum', 'sum', 'sum', 'parity', 'small', 'constant'])
      if (features.failing && chance(0.08)) store.fn = 'throws'
      if (features.reads && chance(0.08)) store.reads = below(i)
    }
    stores.push(store)
  }

  const writable = stores.flatMap((s, i) => (s.from ? [] : [i]))
  const keyed = stores.flatMap((s, i) => (s.kind === 'map' || s.kind === 'deepMap' ? [i] : []))
  let callbacks = 0

  const write = () => {
    const store = pick(writable)
    if (stores[store].kind === 'map' && chance(0.7)) {
      return { op: 'setKey', store, key: pick(KEYS), value: chance(0.15) ? undefined : below(4) }
    }
    if (stores[store].kind === 'deepMap' && chance(0.7)) {
      return { op: 'setKey', store, key: pick(PATHS), value: chance(0.15) ? undefined : below(4) }
    }
    return { op: 'set', store, value: below(4) }
  }

  const body = depth => {
    const ops = []
    if (features.writesInListeners && chance(0.25)) ops.push(write())
    if (chance(0.1)) ops.push({ op: 'get', store: below(count) })
    if (chance(0.08)) ops.push({ op: 'unbind', index: below(12) })
    if (depth && chance(0.05)) ops.push(subscription(depth - 1))
    if (features.writesInListeners && chance(0.06)) ops.push(batch(0))
    if (features.throws && chance(0.05)) ops.push({ op: 'throw' })
    return ops
  }

  const batch = depth => ({
    op: 'batch',
    ops: Array.from({ length: 1 + below(4) }, () =>
      depth && chance(0.2) ? batch(depth - 1) : step(0)
    )
  })

  const sources = () => Array.from({ length: 1 + below(3) }, () => below(count))

  const subscription = depth => {
    const kind = below(10)
    if (kind < 6 || (kind < 8 && !keyed.length)) {
      // sometimes a listener that listens to another store already
      const callback = callbacks && chance(0.15) ? below(callbacks) : callbacks++
      return {
        op: pick(['listen', 'listen', 'subscribe']),
        store: below(count),
        callback,
        body: body(depth)
      }
    }
    if (kind < 8) {
      const store = pick(keyed)
      const names = stores[store].kind === 'map' ? KEYS : PATHS
      return {
        op: pick(['listenKeys', 'subscribeKeys']),
        store,
        keys: [pick(names), pick(names)],
        callback: callbacks++,
        body: body(depth)
      }
    }
    return {
      op: 'effect',
      from: features.twins ? sources() : [...new Set(sources())],
      callback: callbacks++,
      body: body(depth),
      cleanUp: chance(0.5)
    }
  }

  const step = depth => {
    const kind = below(100)
    if (kind < 45) return write()
    if (kind < 62) return subscription(1)
    if (kind < 72) return { op: 'unbind', index: below(12) }
    if (kind < 80) return { op: 'get', store: below(count) }
    if (kind < 86) return depth ? batch(1) : write()
    if (kind < 93 && features.events) {
      const event = pick(EVENTS)
      return {
        op: 'on',
        event,
        store: below(count),
        callback: callbacks++,
        abort: features.aborts && (features.suppressed || event !== 'onNotify') && chance(0.3),
        write:
          event === 'onMount' && features.writesInListeners && chance(0.3) ? write() : undefined,
        destroy: event === 'onMount' && chance(0.7)
      }
    }
    return { op: 'tick', ms: pick([0, 1, 500, 999, 1000, 1001, 3000]) }
  }

  const ops = []
  for (let i = 0; i < 6; i++) ops.push(chance(0.6) ? subscription(1) : step(1))
  const length = 4 + below(16)
  for (let i = 0; i < length; i++) ops.push(step(1))
  return { seed, stores, ops, twins: features.twins }
}

const show = value =>
  JSON.stringify(value, (_, v) => (v === undefined ? 'undefined' : v)) ?? 'undefined'

const parity = (a, b) => typeof a === 'number' && typeof b === 'number' && (a & 1) === (b & 1)

const EQ = { parity }

const weigh = value =>
  typeof value === 'number'
    ? value
    : value && typeof value === 'object'
      ? Object.values(value).reduce((sum, v) => sum + weigh(v), 1)
      : 0

const FN = {
  sum: values => values.reduce((sum, v) => sum + weigh(v), 0),
  parity: values => weigh(values[0]) & 1,
  small: values => Math.min(3, FN.sum(values)),
  constant: () => 1,
  throws: values => {
    const sum = FN.sum(values)
    if (sum % 5 === 4) throw new Error(`computed got ${sum}`)
    return sum
  }
}

// A clock that only moves when it is told to.
const fakeTime = () => {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  let now = 0
  let id = 0
  let timers = []
  globalThis.setTimeout = (fn, ms = 0) => {
    timers.push({ id: ++id, at: now + ms, fn })
    return id
  }
  globalThis.clearTimeout = which => {
    timers = timers.filter(timer => timer.id !== which)
  }
  return {
    tick(ms, fails) {
      const end = now + ms
      for (let i = 0; i < 10_000; i++) {
        const due = timers
          .filter(timer => timer.at <= end)
          .sort((a, b) => a.at - b.at || a.id - b.id)[0]
        if (!due) break
        timers.splice(timers.indexOf(due), 1)
        now = due.at
        try {
          due.fn()
        } catch (e) {
          fails(e)
        }
      }
      now = end
    },
    restore() {
      Object.assign(globalThis, real)
    }
  }
}

const silent = fn => {
  const { console } = globalThis
  globalThis.console = { groupCollapsed() {}, trace() {}, groupEnd() {}, warn() {} }
  try {
    return fn()
  } finally {
    globalThis.console = console
  }
}

// Plays a program on a library and returns the trace: every call with its arguments, every
// returned value and error, and after each step the listener counts and values of all stores.
export const run = (program, library) => silent(() => play(program, library))

const play = (program, library) => {
  const trace = []
  let fuel = 150
  const time = fakeTime()
  const unbinds = []
  const callbacks = new Map()

  const stores = []
  program.stores.forEach((spec, i) => {
    let $store
    if (spec.kind === 'atom') {
      $store = library.atom(spec.initial)
      if (spec.eq) $store.eq = EQ[spec.eq]
    } else if (spec.kind === 'map') {
      $store = library.map({ a: 1 })
      if (spec.eqKey) $store.eqKey = EQ[spec.eqKey]
    } else if (spec.kind === 'deepMap') {
      $store = library.deepMap({ a: { x: 1 }, b: [1, 2] })
    } else {
      const from = spec.from.map(j => stores[j])
      $store = library[spec.kind](from.length === 1 ? from[0] : from, (...values) => {
        trace.push(`computed ${i} (${values.map(show)})`)
        if (spec.reads !== undefined) trace.push(`reads ${show(stores[spec.reads].get())}`)
        return FN[spec.fn](values)
      })
    }
    stores.push($store)
  })

  const attempt = fn => {
    try {
      return fn()
    } catch (error) {
      trace.push(`error ${error.message}`)
    }
  }

  // The same function for the same id, unless it listens to that store already and may not twice
  const used = new Set()
  const callback = (id, body, store) => {
    const isTwin = !program.twins && used.has(`${id} ${store}`)
    used.add(`${id} ${store}`)
    if (!callbacks.has(id) || isTwin) {
      callbacks.set(id, (...args) => {
        trace.push(`call ${id} (${args.map(show)})`)
        if (fuel-- > 0) for (const step of body) perform(step)
      })
    }
    return callbacks.get(id)
  }

  // Written values are fresh objects where the store holds objects
  const valueFor = (store, value) =>
    ({ map: { a: value, b: 1 }, deepMap: { a: { x: value }, b: [value] } })[
      program.stores[store].kind
    ] ?? value

  const perform = step => {
    const $store = stores[step.store]
    switch (step.op) {
      case 'set':
        return $store.set(valueFor(step.store, step.value))
      case 'setKey':
        return $store.setKey(step.key, step.value)
      case 'get':
        return trace.push(`get ${step.store} = ${show($store.get())}`)
      case 'listen':
      case 'subscribe':
        return unbinds.push($store[step.op](callback(step.callback, step.body, step.store)))
      case 'listenKeys':
      case 'subscribeKeys':
        return unbinds.push(library[step.op]($store, step.keys, callback(step.callback, step.body)))
      case 'effect': {
        const call = callback(step.callback, step.body)
        return unbinds.push(
          library.effect(
            step.from.map(i => stores[i]),
            (...values) => {
              call(...values)
              if (step.cleanUp) return () => trace.push(`clean ${step.callback}`)
            }
          )
        )
      }
      case 'unbind':
        return unbinds[step.index]?.()
      case 'on':
        return unbinds.push(
          library[step.event]($store, ({ abort, shared, ...details }) => {
            shared.count = (shared.count ?? 0) + 1
            trace.push(`${step.event} ${step.callback} ${show(details)} ${shared.count}`)
            if (step.abort && abort && weigh(details.newValue ?? details.oldValue) % 2) abort()
            if (step.write && fuel-- > 0) perform(step.write)
            if (step.destroy) return () => trace.push(`destroy ${step.callback}`)
          })
        )
      case 'batch':
        return library.batch(() => {
          for (const inner of step.ops) perform(inner)
        })
      case 'tick':
        return time.tick(step.ms, error => trace.push(`error in timer ${error.message}`))
      case 'throw':
        throw new Error('thrown by a listener')
    }
  }

  try {
    program.ops.forEach((step, i) => {
      trace.push(`-- ${i} ${step.op} ${step.store ?? ''}`)
      attempt(() => perform(step))
      trace.push(stores.map($s => `${$s.lc}:${show($s.value)}`).join(' '))
    })
  } finally {
    time.restore()
  }
  return trace
}

// The first line in which two traces differ, -1 if they are the same.
export const difference = (a, b) => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i
  return -1
}

// Removes steps for as long as the program still fails.
export const shrink = (program, fails) => {
  const without = (list, i) => [...list.slice(0, i), ...list.slice(i + 1)]
  // every variant of the steps that is smaller by one piece
  const smaller = function* (ops) {
    for (let i = ops.length - 1; i >= 0; i--) {
      yield without(ops, i)
      for (const inner of ['ops', 'body']) {
        if (!ops[i][inner]) continue
        for (const fewer of smaller(ops[i][inner])) {
          yield [...ops.slice(0, i), { ...ops[i], [inner]: fewer }, ...ops.slice(i + 1)]
        }
      }
      for (const flag of ['abort', 'write', 'destroy', 'cleanUp']) {
        if (ops[i][flag])
          yield [...ops.slice(0, i), { ...ops[i], [flag]: undefined }, ...ops.slice(i + 1)]
      }
    }
  }
  let best = program
  for (let round = 0; round < 50; round++) {
    let found = false
    for (const ops of smaller(best.ops)) {
      const candidate = { ...best, ops }
      if (fails(candidate)) {
        best = candidate
        found = true
        break
      }
    }
    if (!found) break
  }
  return best
}
