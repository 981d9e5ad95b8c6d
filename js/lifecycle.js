// The events of a store. A listener of an event is called by a method put in front of the store's
// own; it leaves with the last listener of that event.
import { enter, leave, suppress, touch, unmountsOf } from '#lagoons'
import { clean } from './clean-stores.js'
import { needFunction, needStore } from './fail.js'

const START = 0
const STOP = 1
const SET = 2
const NOTIFY = 3
const MOUNT = 5
export const UNMOUNT = 6
const UNDO = 10

const NAMES = ['onStart()', 'onStop()', 'onSet()', 'onNotify()', '', 'onMount()']

export const STORE_UNMOUNT_DELAY = 1000

// `patch` gets the function that calls the event's listeners, and returns how to undo itself.
const on = ($store, event, listener, patch) => {
  if (process.env.NODE_ENV !== 'production') {
    needStore($store, NAMES[event])
    needFunction(listener, NAMES[event], $store)
  }
  let events = ($store.events ||= {})
  events[event + UNDO] ||= patch(payload => {
    let list = events[event]
    let outer = enter()
    try {
      for (let i = list.length; i--;) list[i]?.(payload)
    } finally {
      enter(outer)
    }
  })
  let list = (events[event] ||= [])
  list.push(listener)
  return () => {
    let index = list.indexOf(listener)
    if (index < 0) return
    list.splice(index, 1)
    if (!list.length) {
      events[event + UNDO]()
      delete events[event + UNDO]
    }
  }
}

// Whether none of the listeners that `run` calls has called abort().
const isAllowed = (run, payload) => {
  let allowed = true
  payload.abort = () => {
    allowed = false
  }
  run(payload)
  return allowed
}

export const onStart = ($store, listener) =>
  on($store, START, listener, run => {
    let { listen } = $store
    $store.listen = callback => {
      if (typeof callback !== 'function' && process.env.NODE_ENV !== 'production')
        needFunction(callback, 'listen()', $store)
      touch($store)
      if (!$store.lc && !$store.starting) {
        $store.starting = true
        run({ shared: {} })
        $store.starting = false
      }
      return listen(callback)
    }
    return () => {
      $store.listen = listen
    }
  })

export const onStop = ($store, listener) =>
  on($store, STOP, listener, run => {
    let { off } = $store
    $store.off = () => {
      run({ shared: {} })
      off()
    }
    return () => {
      $store.off = off
    }
  })

export const onSet = ($store, listener) =>
  on($store, SET, listener, run => {
    let { set, setKey } = $store
    if (setKey) {
      $store.setKey = (changed, value) => {
        let newValue = { ...$store.value, [changed]: value }
        if (isAllowed(run, { shared: {}, changed, newValue })) return setKey(changed, value)
      }
    }
    $store.set = newValue => {
      if (isAllowed(run, { shared: {}, newValue })) return set(newValue)
    }
    return () => {
      $store.set = set
      $store.setKey = setKey
    }
  })

export const onNotify = ($store, listener) =>
  on($store, NOTIFY, listener, run => {
    let { notify } = $store
    $store.notify = (oldValue, changed) => {
      if (isAllowed(run, { shared: {}, changed, oldValue })) return notify(oldValue, changed)
      suppress($store)
    }
    return () => {
      $store.notify = notify
    }
  })

// Calls what the onMount listeners of a store have returned.
export const endMounts = $store => {
  let unmounts = unmountsOf($store)
  if (!unmounts[UNMOUNT]) return
  for (let destroy of unmounts[UNMOUNT]) destroy()
  unmounts[UNMOUNT] = []
}

export const onMount = ($store, initialize) => {
  if (typeof initialize !== 'function' && process.env.NODE_ENV !== 'production')
    needFunction(initialize, 'onMount()', $store)
  let mount = payload => {
    let destroy = initialize(payload)
    if (destroy) unmountsOf($store)[UNMOUNT].push(destroy)
  }
  return on($store, MOUNT, mount, run => {
    let { listen, off } = $store
    if ('runMounts' in $store) {
      $store.events[UNMOUNT] ||= []
      // A computed, which is mounted after its onMount listeners, and ends after them
      $store.runMounts = run
      return () => {
        $store.runMounts = undefined
      }
    }

    $store.events[UNMOUNT] = []
    // A package may have put a listen() with more arguments in its place
    $store.listen = function (callback) {
      if (typeof callback !== 'function' && process.env.NODE_ENV !== 'production')
        needFunction(callback, 'listen()', $store)
      touch($store)
      if (!$store.lc && !$store.active) {
        $store.active = true
        run({ shared: {} })
      }
      return arguments.length > 1 ? listen(...arguments) : listen(callback)
    }
    $store.off = () => {
      off()
      leave($store, STORE_UNMOUNT_DELAY, () => {
        if (!$store.active || $store.lc) return
        $store.active = false
        endMounts($store)
      })
    }

    if (process.env.NODE_ENV !== 'production') {
      let cleanStore = $store[clean]
      $store[clean] = () => {
        endMounts($store)
        // Not before: what ends may read the store, which would mount it again
        $store.active = false
        // A store of another package has none
        cleanStore?.call($store)
      }
    }

    return () => {
      $store.listen = listen
      $store.off = off
    }
  })
}
