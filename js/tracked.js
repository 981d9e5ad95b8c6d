// A value derived from the stores that its function reads. It is computed when something needs it,
// and not before.
import { atom } from './atom.js'
import { clean } from './clean-stores.js'
import {
  adopt,
  bound,
  COMPUTED,
  connect,
  countSources,
  DEFERRED,
  DYNAMIC,
  emitFailure,
  failWithCycle,
  isActive,
  isComputed,
  isStale,
  nanostoresGlobal,
  perLagoon,
  touch,
  update
} from '#lagoons'
import { fail, nameOf, needFunction } from './fail.js'
import { onMount } from './lifecycle.js'
import { cycleOf, endChildren, endTracking, track, tracker } from './track.js'
import { warn } from './warn.js'

// So often it is computed anew because what it has read was written meanwhile.
const MANY = 100

export const tracked = (fn, isBatched) => {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(fn, 'computed()')

  let $computed = atom()
  let { get } = $computed
  $computed.ownGet = undefined // it may fail
  $computed.sources = $computed.failure = $computed.timer = undefined
  $computed.isMounted = false

  // A failure is a change, too: who reads the computed gets it until a source changes
  let compute = () => {
    let { failure } = $computed
    let it = current()
    try {
      if (it.children) endChildren(it)
      let result = track(it, fn)
      $computed.failure = undefined
      if (failure && $computed.eq($computed.value, result)) {
        emitFailure($computed)
      } else {
        $computed.set(result)
      }
    } catch (error) {
      $computed.failure = { error }
      emitFailure($computed)
    }
  }

  let makeCurrent = () => {
    let it = current()
    for (let i = 0; $computed.isMounted && isStale($computed); i++) {
      if (i === MANY)
        fail(
          $computed,
          'is changed by what it reads whenever it is read. Let that stop at some value'
        )
      it.isWriting = false
      // It would write again
      if (update($computed) || it.isWriting) break
    }
  }

  // A store that changed calls it with its value, the engine without to compute
  let wake = (...call) => {
    if (!call.length) return compute()
    clearTimeout($computed.timer)
    $computed.timer = setTimeout(bound(makeCurrent))
  }

  let run = isBatched ? wake : compute
  let current = perLagoon(() => tracker($computed, run))

  let mount = () => {
    if ($computed.isMounted) return
    adopt($computed, run, COMPUTED + DYNAMIC + (isBatched ? DEFERRED : 0))
    $computed.isMounted = true
    makeCurrent()
    if (process.env.NODE_ENV !== 'production' && !$computed.failure && !countSources($computed)) {
      warn(
        `${nameOf($computed)} has read no store, so it is never computed again. Stores of the package nanostores are not tracked: put them into a list, computed([$store], fn)`
      )
    }
  }

  $computed.get = () => {
    touch($computed)
    if ($computed.isMounted && isActive($computed)) {
      // It is read by a listener that the other copy of the package called
      if ($computed.hasForeign) return $computed.value
      failWithCycle($computed, cycleOf($computed).map(nameOf))
    }
    // In its own onMount()
    if ($computed.active) mount()
    let { reader } = nanostoresGlobal
    try {
      makeCurrent()
    } finally {
      if (reader) reader.read($computed, connect)
      // Mounts it for a moment
      if (!$computed.isMounted) get()
    }
    if ($computed.failure) throw $computed.failure.error
    return $computed.value
  }

  if (process.env.NODE_ENV !== 'production') {
    let cleanAtom = $computed[clean]
    $computed[clean] = () => {
      $computed.failure = $computed.value = undefined
      cleanAtom()
    }
  }

  onMount($computed, () => {
    mount()
    return () => {
      $computed.isMounted = false
      try {
        endChildren(current())
      } finally {
        endTracking($computed)
      }
    }
  })

  let { listen } = $computed
  $computed.listen = listener => {
    touch($computed)
    // Nobody needed it until now. A batched one waits
    if (!isBatched || $computed.failure) makeCurrent()
    let unbind = listen(listener)
    let { failure } = $computed
    if (failure && !isComputed(listener)) {
      unbind()
      throw failure.error
    }
    return unbind
  }

  return $computed
}
