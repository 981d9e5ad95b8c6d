// Random programs for comparing two libraries with the API of Nano Stores: `generate` makes a scenario
// as those of spec/ are, `shrink` makes a failing one small.
import { BadScenario, operationOf } from './spec.js'

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
const FUNCTIONS = ['sum', 'sum', 'sum', 'parity', 'atMost3', 'always1']

// What a program may contain beyond the plain things. A test leaves out where Lagoon differs from
// Nano Stores on purpose (docs/differences.md).
export const ALL = {
  throws: true,
  writesInListeners: true,
  listensInListeners: true,
  events: true,
  aborts: true,
  reads: true,
  // computeds that throw
  failing: true,
  // stores whose computed value may be behind
  batched: true,
  // computeds of those that throw or may be behind
  belowThem: true,
  // onNotify() that aborts
  suppressed: true,
  // the same function listening twice to the same store
  twins: true,
  // computeds, effects and batches
  graph: true
}

const listOf = (length, make) => Array.from({ length }, make)

// The stores, in the order in which they are made: s0, s1, ...
const generateStores = ({ below, chance, pick }, features, bodies) => {
  const kinds = ['atom', 'atom', 'map', 'deepMap', 'computed', 'computed', 'computed', 'computed']
  if (features.batched) kinds.push('batched')
  if (!features.graph) kinds.splice(4)

  const operations = []
  const stores = listOf(2 + below(7), (_, i) => ({ name: `s${i}`, kind: i ? pick(kinds) : 'atom' }))
  stores.forEach(({ name, kind }, i) => {
    if (kind === 'atom') {
      operations.push(`atom ${name} ${below(3)}`)
      if (chance(0.1)) operations.push(`eq ${name} parity`)
    } else if (kind === 'map') {
      operations.push(`map ${name} { a: 1 }`)
      if (chance(0.1)) operations.push(`eqKey ${name} parity`)
    } else if (kind === 'deepMap') {
      operations.push(`deepMap ${name} { a: { x: 1 }, b: [1, 2] }`)
    } else {
      const sources = stores.slice(0, i).filter(({ isLast }) => !isLast)
      const from = listOf(1 + below(3), () => pick(sources).name)
      stores[i].from = from
      const isFailing = features.failing && chance(0.08)
      const fn = isFailing ? 'failsEvery5' : pick(FUNCTIONS)
      operations.push(`${kind} ${name} = ${fn}(${from.join(', ')})`)
      stores[i].isLast = !features.belowThem && (isFailing || kind === 'batched')
      if (features.reads && chance(0.08)) bodies[name] = [`get s${below(i)}`]
    }
  })
  return { stores, operations }
}

export const generate = (seed, features = ALL) => {
  const source = random(seed)
  const { below, chance, pick } = source
  const bodies = {}
  const { stores, operations } = generateStores(source, features, bodies)

  const isDerived = ({ kind }) => kind === 'computed' || kind === 'batched'
  const writable = stores.filter(store => !isDerived(store))
  const keyed = stores.filter(({ kind }) => kind === 'map' || kind === 'deepMap')
  const anyStore = () => pick(stores).name
  const isSource = name => stores.some(({ from }) => from?.includes(name))
  const keysOf = ({ kind }) => (kind === 'map' ? KEYS : PATHS)

  const listeners = []
  const callbacks = []
  const listening = new Set()

  const write = () => {
    const { name, kind } = pick(writable)
    if (kind !== 'atom' && chance(0.7)) {
      return `setKey ${name} ${pick(keysOf({ kind }))} ${chance(0.15) ? undefined : below(4)}`
    }
    const value = below(4)
    // Where a store holds objects, each write brings a new one
    if (kind === 'map') return `set ${name} { a: ${value}, b: 1 }`
    if (kind === 'deepMap') return `set ${name} { a: { x: ${value} }, b: [${value}] }`
    return `set ${name} ${value}`
  }

  const newCallback = body => {
    const name = `f${callbacks.length}`
    callbacks.push(name)
    if (body.length) bodies[name] = body
    return name
  }

  const unbind = () => {
    const name = pick(callbacks.slice(0, 12)) ?? 'f0'
    return chance(0.8) ? `unbind ${name}` : `unbind ${name} 2`
  }

  const generateBody = depth => {
    const body = []
    if (features.writesInListeners && chance(0.25)) body.push(write())
    if (chance(0.1)) body.push(`get ${anyStore()}`)
    // What a read of a batched store calls later, a listener must not take away meanwhile
    if (features.unbindsInListeners !== false && chance(0.08)) body.push(unbind())
    if (features.listensInListeners && depth && chance(0.05)) {
      body.push(...subscription(depth - 1, false))
    }
    if (features.writesInListeners && chance(0.06)) {
      body.push(features.graph ? batch(0, false) : write())
    }
    if (features.throws && chance(0.05)) body.push('throw boom')
    return body
  }

  const batch = (depth, isPerformedOnce) => [
    'batch',
    ...listOf(1 + below(4), () =>
      depth && chance(0.2) ? [batch(depth - 1, isPerformedOnce)] : step(0, isPerformedOnce)
    ).flat()
  ]

  // What is performed more than once must not let the same function listen a second time
  const listen = (verb, store, callback, isPerformedOnce) => {
    const pair = `${callback} ${store}`
    const isFree = !listening.has(pair)
    if (features.twins) return [`${verb} ${store} as ${callback}`]
    if (isFree && (isPerformedOnce || chance(0.5))) {
      listening.add(pair)
      const operation = `${verb} ${store} as ${callback}`
      return isPerformedOnce ? [operation] : ['times 1', operation]
    }
    return [`${verb} ${store} as new ${callback}`]
  }

  const subscription = (depth, isPerformedOnce) => {
    const kind = below(10)
    if (kind < 6 || (kind < 8 && !keyed.length)) {
      // sometimes a listener that listens to another store already
      const isKnown = listeners.length && chance(0.15)
      const callback = isKnown ? pick(listeners) : newCallback(generateBody(depth))
      if (!isKnown) listeners.push(callback)
      const verb = pick(['listen', 'listen', 'subscribe'])
      return listen(verb, anyStore(), callback, isPerformedOnce)
    }
    const callback = newCallback(generateBody(depth))
    if (kind < 8) {
      const store = pick(keyed)
      const keys = listOf(2, () => pick(keysOf(store)))
      return [`${pick(['listenKeys', 'subscribeKeys'])} ${store.name} (${keys}) as ${callback}`]
    }
    if (!features.graph) return [write()]
    const from = listOf(1 + below(3), anyStore)
    if (chance(0.5)) bodies[callback] = ['cleanUp', ...(bodies[callback] ?? [])]
    return [`effect (${features.twins ? from : [...new Set(from)]}) as ${callback}`]
  }

  const event = () => {
    const name = pick(EVENTS)
    const store = anyStore()
    const body = []
    if (name === 'onMount') {
      // What a source writes while it is mounted for a computed, Nano Stores may miss
      const mayWrite = features.writesInListeners && !isSource(store)
      if (mayWrite && chance(0.3)) body.push(write())
      if (chance(0.7)) body.push('destroy')
    } else if (name === 'onSet' || (name === 'onNotify' && features.suppressed)) {
      if (features.aborts && chance(0.3)) body.push('if odd', 'abort')
    }
    return `${name} ${store} as ${newCallback(body)}`
  }

  // Some operations of one step: at most one, and what it needs before it
  const step = (depth, isPerformedOnce) => {
    const kind = below(100)
    if (kind < 45) return [write()]
    if (kind < 62) return subscription(1, isPerformedOnce)
    if (kind < 72) return [unbind()]
    if (kind < 80) return [`get ${anyStore()}`]
    if (kind < 86) return [depth && features.graph ? batch(1, isPerformedOnce) : write()]
    if (kind < 93 && features.events) return [event()]
    return [`tick ${pick([0, 1, 500, 999, 1000, 1001, 3000])}`]
  }

  const steps = []
  // Who wants to see a first mount is there before it
  if (features.events) while (chance(0.5)) steps.push(event())
  for (let i = 0; i < 6; i++) {
    steps.push(...(chance(0.6) ? subscription(1, true) : step(1, true)))
  }
  for (let length = 6 + below(18); length > 0; length--) steps.push(...step(1, true))
  return {
    name: `program of seed ${seed}`,
    stores: operations,
    bodies,
    steps: steps.flatMap(operation => [[operation], ['show']])
  }
}

// An operation, and after each write in it one to a store of which nothing depends
const withClock = operation => {
  if (typeof operation !== 'string') {
    const [block, ...inner] = operation
    return [[block, ...inner.flatMap(withClock)]]
  }
  return operation.startsWith('set') ? [operation, 'add clock 1'] : [operation]
}

/** The same program, in which nothing is ever read without a change since the last write. */
export const clocked = ({ stores, bodies, steps, ...program }) => ({
  ...program,
  stores: ['atom clock 0', ...stores],
  bodies: Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => [name, body.flatMap(withClock)])
  ),
  steps: steps.flatMap(step => withClock(operationOf(step)).map(operation => [operation]))
})

/** The first step whose traces differ, -1 if they are the same. */
export const difference = (a, b) => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (String(a[i]) !== String(b[i])) return i
  }
  return -1
}

const without = (list, i) => [...list.slice(0, i), ...list.slice(i + 1)]
const replaced = (list, i, item) => [...list.slice(0, i), item, ...list.slice(i + 1)]

// Every variant of a list of operations that is smaller by one piece.
const fewer = function* (operations) {
  for (let i = operations.length - 1; i >= 0; i--) {
    yield without(operations, i)
    if (typeof operations[i] === 'string') continue
    const [block, ...inner] = operations[i]
    for (const some of fewer(inner)) yield replaced(operations, i, [block, ...some])
  }
}

const smaller = function* (scenario) {
  const { steps, bodies, stores } = scenario
  for (const some of fewer(steps.map(operationOf))) {
    yield { ...scenario, steps: some.map(operation => [operation]) }
  }
  for (const name of Object.keys(bodies)) {
    for (const some of fewer(bodies[name])) {
      // An empty body is left out of a file
      const body = some.length ? some : undefined
      yield { ...scenario, bodies: JSON.parse(JSON.stringify({ ...bodies, [name]: body })) }
    }
  }
  for (const some of fewer(stores)) yield { ...scenario, stores: some }
}

/** Takes away what can be taken away from a scenario that still fails. */
export const shrink = (scenario, fails) => {
  const stillFails = candidate => {
    try {
      return fails(candidate)
    } catch (error) {
      // It names a store that was taken away
      if (error instanceof BadScenario) return false
      throw error
    }
  }
  let best = scenario
  for (let found = true; found;) {
    found = false
    for (const candidate of smaller(best)) {
      if (stillFails(candidate)) {
        best = candidate
        found = true
        break
      }
    }
  }
  return best
}
