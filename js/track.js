// Which stores a function reads while it runs: they become the sources of its computed or effect.
import { advance, beginRun, current, dropUnread, enter, release, wasRead } from './core.js'

let runs = 0
let innermost

const read = $store => {
  let { sink, listener, number } = current
  if (!sink.node) return
  if (advance(sink.node, $store)) {
    $store.readIn = number
  } else if ($store.readIn < number || !wasRead(sink.node, $store)) {
    let outer = enter()
    try {
      $store.listen(listener)
    } catch (error) {
      // Its function failed while it was mounted. It may recover
      $store.listen(listener)
      throw error
    } finally {
      enter(outer)
    }
    $store.readIn = number
  }
}

// `sink` gets its node from adopt(), with `listener`. What is made in `children` ends with it.
export const tracker = (sink, listener, children) => ({
  sink,
  listener,
  children,
  read,
  number: 0,
  outer: undefined
})

const drop = sink => {
  let $store
  while (sink.node && ($store = dropUnread(sink.node))) {
    if (!--$store.lc) $store.off()
  }
}

export const track = (it, fn) => {
  let outer = enter(it)
  it.number = ++runs
  it.outer = innermost
  innermost = it
  beginRun(it.sink)
  try {
    return fn()
  } finally {
    enter()
    innermost = it.outer
    try {
      drop(it.sink)
    } finally {
      enter(outer)
    }
  }
}

export const endTracking = sink => {
  if (!sink.node) return
  beginRun(sink)
  try {
    drop(sink)
  } finally {
    release(sink)
  }
}

// The stores whose functions read each other, beginning with `$store`, which the last one reads.
export const cycleOf = $store => {
  let path = []
  let it = innermost
  for (; it.sink !== $store; it = it.outer) path.unshift(it.sink)
  return [$store, ...path]
}

const readUntracked = () => {}

// Calls `fn`, whose reads are not tracked. Effects that it makes still belong to the effect around.
export const untracked = fn => {
  let outer = enter(current && { children: current.children, read: readUntracked })
  try {
    return fn()
  } finally {
    enter(outer)
  }
}
