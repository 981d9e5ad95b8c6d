// A value derived from the stores that its function reads. It is computed when something needs it,
// and not before.
import { atom } from './atom.js'
import { clean } from './clean-stores.js'
import {
  adopt,
  COMPUTED,
  current,
  DEFERRED,
  DYNAMIC,
  emit,
  emitFailure,
  failWithCycle,
  isComputed,
  isRunning,
  nameOf,
  update
} from './core.js'
import { onMount } from './lifecycle.js'
import { cycleOf, endTracking, track, tracker } from './track.js'

export const tracked = (fn, isBatched) => {
  if (typeof fn !== 'function') {
    throw new Error(
      'Lagoon: computed() and batched() need a function, after the stores if it has a list'
    )
  }

  let $computed = atom()
  let { get } = $computed
  let failure
  let timer
  let isMounted = false

  // A failure is a change, too: who reads the computed gets it until a source changes
  let compute = () => {
    let lastFailure = failure
    try {
      let result = track(it, fn)
      failure = undefined
      if (lastFailure && $computed.eq($computed.value, result)) {
        emit($computed, $computed.value)
      } else {
        $computed.set(result)
      }
    } catch (error) {
      failure = { error }
      emitFailure($computed)
    }
  }

  let makeCurrent = () => {
    if (isMounted) update($computed)
  }

  // A store that changed calls it with its value, the engine without to compute
  let wake = (...call) => {
    if (!call.length) return compute()
    clearTimeout(timer)
    timer = setTimeout(makeCurrent)
  }

  let run = isBatched ? wake : compute
  let it = tracker($computed, run)

  let mount = () => {
    if (isMounted) return
    adopt($computed, run, COMPUTED + DYNAMIC + (isBatched ? DEFERRED : 0))
    isMounted = true
    makeCurrent()
  }

  $computed.get = () => {
    if (isMounted && isRunning($computed)) failWithCycle($computed, cycleOf($computed).map(nameOf))
    // In its own onMount()
    if ($computed.active) mount()
    try {
      makeCurrent()
    } finally {
      // Tracks it, or mounts it for a moment
      if (current || !isMounted) get()
    }
    if (failure) throw failure.error
    return $computed.value
  }

  if (process.env.NODE_ENV !== 'production') {
    let cleanAtom = $computed[clean]
    $computed[clean] = () => {
      failure = $computed.value = undefined
      cleanAtom()
    }
  }

  onMount($computed, () => {
    mount()
    return () => {
      isMounted = false
      endTracking($computed)
    }
  })

  let { listen } = $computed
  $computed.listen = listener => {
    // Nobody needed it until now. A batched one waits
    if (!isBatched || failure) makeCurrent()
    let unbind = listen(listener)
    if (failure && !isComputed(listener)) {
      unbind()
      throw failure.error
    }
    return unbind
  }

  return $computed
}
