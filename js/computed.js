// A value derived from a list of stores, or from the stores that its function reads: see tracked.js.
// While it is mounted the engine tells when to derive it again.
import { atom } from './atom.js'
import { clean } from './clean-stores.js'
import {
  adopt,
  bound,
  callAll,
  COMPUTED,
  connect,
  countSources,
  DEFERRED,
  emitLast,
  failWithCycle,
  isActive,
  nanostoresGlobal,
  ownGet,
  settle,
  touch,
  unhold,
  update
} from '#lagoons'
import { fail, needFunction, needStores } from './fail.js'
import { onMount } from './lifecycle.js'
import { tracked } from './tracked.js'
import { warn } from './warn.js'

// A long chain of computeds that are not mounted, of which the engine knows nothing, is read from
// below, so that it is not too long for the call stack.
const DEEP = 100
const MANY = 100
let depth = 0

const readFromBelow = sources => {
  let stack = [...sources]
  let seen = new Set()
  while (stack.length) {
    let $store = stack.at(-1)
    touch($store)
    let isIdle = Array.isArray($store.sources) && !$store.active
    if (!isIdle || seen.has($store)) {
      stack.pop()
      if (isIdle) $store.get()
    } else {
      seen.add($store)
      for (let $source of $store.sources) stack.push($source)
    }
  }
}

// Calls what reads or mounts the sources of a computed, and so perhaps theirs.
const descend = (sources, fn) => {
  try {
    if (++depth > DEEP) readFromBelow(sources)
    return fn()
  } finally {
    depth--
  }
}

const { is } = Object

// Object.is is fast only where the engine sees that it is called.
const isEqual = ({ eq }, a, b) => (eq === is ? is(a, b) : eq(a, b))

const derive = (stores, fn, isBatched) => {
  if (!fn) return tracked(stores, isBatched)
  if (!Array.isArray(stores)) stores = [stores]
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'computed()')

  let $computed = atom()
  let { get } = $computed
  $computed.sources = stores
  $computed.previous = $computed.epoch = $computed.timer = undefined
  $computed.isReading = false

  // The functions `get` of its sources, if the engine knows all. Not what another copy of the package
  // made: that is in an engine of its own
  $computed.gets = undefined

  let { notify, set } = $computed

  let write = (result, values) => {
    if (typeof result === 'object' && result?.then && result.t) {
      if (process.env.NODE_ENV !== 'production') {
        warn(
          'an async function in computed() is deprecated, use computedAsync of @nanostores/async'
        )
      }
      result.then(value => {
        if ($computed.previous === values) $computed.set(value)
      })
      return
    }
    let { value } = $computed
    if ($computed.set !== set || $computed.notify !== notify) {
      $computed.set(result)
    } else if (!isEqual($computed, value, result)) {
      $computed.value = result
      emitLast($computed, value)
    }
    $computed.epoch = nanostoresGlobal.epoch
  }

  let compute = () => {
    $computed.epoch = nanostoresGlobal.epoch
    let { gets } = $computed
    let values = []
    for (let i = 0; i < stores.length; i++) {
      let $store = stores[i]
      // What the engine knows is current
      values.push(gets && $store.get === gets[i] ? $store.value : $store.get())
    }
    // Not before: mounting a source may have computed this one
    let { previous } = $computed
    let isSame = previous
    for (let i = 0; isSame && i < values.length; i++) {
      isSame = isEqual(stores[i], previous[i], values[i])
    }
    if (isSame) return
    $computed.previous = values
    write(
      values.length === 1
        ? fn(values[0])
        : values.length === 2
          ? fn(values[0], values[1])
          : fn(...values),
      values
    )
  }

  let read = () => {
    $computed.isReading = true
    try {
      descend(stores, compute)
    } finally {
      $computed.isReading = false
    }
  }

  let makeCurrent = () => {
    if ($computed.gets) {
      if (isActive($computed)) failWithCycle($computed, [])
      update($computed)
      // When it is not mounted any more, nothing is to be read if nothing changed since
      $computed.epoch = nanostoresGlobal.epoch
      return
    }
    // Mounted, it has a source in another copy of the package, which may call a listener that reads it
    if ($computed.isReading && !$computed.active) failWithCycle($computed, [])
    // Once more if a listener that waited has written
    for (let i = 0; !$computed.gets && $computed.epoch !== nanostoresGlobal.epoch; i++) {
      if (i === MANY)
        fail($computed, 'is changed by listeners whenever it is read. Let them stop at some value')
      settle(read)
    }
  }

  // A store that changed calls it with its value, the engine without to compute
  let wake = (...call) => {
    if (!call.length) return compute()
    clearTimeout($computed.timer)
    $computed.timer = setTimeout(bound(makeCurrent))
  }
  let run = isBatched ? wake : compute

  $computed.get = () => {
    touch($computed)
    // Not before: modules that import each other may still have to make the stores
    if (!$computed.previous && process.env.NODE_ENV !== 'production') {
      needStores(stores, 'computed()', $computed)
    }
    try {
      makeCurrent()
    } catch (error) {
      // Who tracks it runs again when it has recovered
      nanostoresGlobal.reader?.read($computed, connect)
      throw error
    }
    return get()
  }

  $computed.ownGet = $computed.get

  if (process.env.NODE_ENV !== 'production') {
    let cleanAtom = $computed[clean]
    $computed[clean] = () => {
      $computed.previous = $computed.epoch = $computed.value = undefined
      cleanAtom()
    }
  }

  onMount($computed, () => {
    // It is held meanwhile: if it is read, it would lose its node with that short listener
    adopt($computed, run, COMPUTED + (isBatched ? DEFERRED : 0))
    let unbinds
    try {
      unbinds = descend(stores, () => stores.map($store => $store.listen(run)))
    } finally {
      unhold($computed)
    }
    if (countSources($computed) === stores.length) $computed.gets = stores.map(ownGet)
    makeCurrent()
    return () => {
      $computed.gets = undefined
      callAll(unbinds)
    }
  })

  if (process.env.NODE_ENV !== 'production') {
    let { listen } = $computed
    $computed.listen = listener => {
      needStores(stores, 'computed()', $computed)
      return listen(listener)
    }
  }

  return $computed
}

/* @__NO_SIDE_EFFECTS__ */
export const computed = (stores, fn) => derive(stores, fn)

/* @__NO_SIDE_EFFECTS__ */
export const batched = (stores, fn) => derive(stores, fn, true)
