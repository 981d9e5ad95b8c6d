// Browsers: finds what the server has put into the page, before anybody reads a shared store.
import { build } from 'virtual:lagoon/build'
import { isSame, setBuild, take, valueOf } from '../arrivals.js'
import { isSource } from '../share.js'
import { nanostoresGlobal } from '#lagoons'

// By page, the number of the last part that came, and by the name of a store the words of the server, each
// with the number of its part.
const pages = new Map()

// Pages that this browser has got, by their keys. Nobody who wrote what is in a page knew its key. That of
// the pages that the build made is known later, and counts in these.
const keys = new Set()

export const isKnown = key => (key === build ? pages : keys).has(key)

// When the navigation to this page began.
let since = 0

const read = (element, names) => {
  let [key, number, at, kind, itsBuild] = element.getAttribute('of').split(' ')
  let options = { at: Number(at), build: itsBuild, since, names, isPart: kind === 'part' }
  keys.add(key)
  if (!pages.has(key)) pages.set(key, { last: 0, all: new Map() })
  let page = pages.get(key)
  let part = (page.last = Number(number))
  for (let word of take(element.getAttribute('data'), options)) {
    page.all.set(word.name, [...(page.all.get(word.name) ?? []), { part, word }])
  }
}

const isOlder = element => !element.getAttribute('of')?.endsWith(` ${build}`)

const readAll = (elements, names) => {
  for (let element of elements) {
    element.remove()
    try {
      read(element, names)
    } catch (error) {
      console.error('Lagoon: what the server sent with the page is left out', error)
    }
  }
}

// Of a page of another build: until it is known which names there are in this one.
let pending

/** Takes what is in the page by now. Returns a promise if that takes time. */
export const sweep = (from = document) => {
  let elements = [...from.getElementsByTagName('lagoon-data')]
  if (elements.some(isOlder)) {
    for (let element of elements) element.remove()
    pending = import('virtual:lagoon/stores')
      // The server may have no file of this build any more
      .catch(() => ({}))
      .then(({ names }) => readAll(elements, names))
  } else {
    readAll(elements)
  }
  return pending
}

const holds = (store, word) => {
  try {
    return isSame(valueOf(word), store.value)
  } catch {
    // This version of the package can't read the value
    return false
  }
}

// The page that an island's HTML is a part of, and the last two parts of that page's data that came before the
// island was made and before it was done.
const originOf = island => {
  let [key, first, last] = (island.getAttribute('data-lagoon-at') ?? '').split(' ')
  return { key, page: pages.get(key), first: Number(first), last: Number(last) }
}

/** Whether the HTML of an island was made with other values than its stores have now. */
export const isStale = island => {
  let { key, page, first, last } = originOf(island)
  if (!key) return false
  // It stays from an earlier page, or its values come behind it
  if (!page || page.last < last) return true
  for (let [name, all] of page.all) {
    let seen = all.filter(({ part }) => part <= last)
    let shown = seen.at(-1)
    // It was changed while the HTML was made: nobody knows which value that has
    if (shown?.part > first && seen[0].part <= first) return true
    let store = shown && nanostoresGlobal.shared.get(name)?.store
    if (store && !holds(store, shown.word)) return true
  }
  return false
}

/**
 * Returns a function that gives the values in the HTML of an island, by the shared stores that have others by then. It
 * still knows the page when that is left.
 */
export const htmlValuesOf = island => {
  let { page, last } = originOf(island)
  return () => {
    let values = new Map()
    for (let [name, all] of page?.all ?? []) {
      let shown = all.findLast(({ part }) => part <= last)
      let store = shown && nanostoresGlobal.shared.get(name)?.store
      if (store && isSource(store) && !holds(store, shown.word))
        values.set(store, valueOf(shown.word))
    }
    return values
  }
}

// While the page streams, and when a server island comes.
const watchPage = () => {
  class Data extends HTMLElement {
    connectedCallback() {
      sweep()
    }
  }
  customElements.define('lagoon-data', Data)
}

// Astro's client router.
const watchNavigation = () => {
  document.addEventListener('astro:before-preparation', () => {
    since = performance.now()
  })
  document.addEventListener('astro:before-swap', ({ newDocument }) => {
    pages.clear()
    sweep(newDocument)
  })
}

// What is written to one of the two is written to the other.
const link = ($store, $other) => {
  let isPassedOn = false
  for (let [$from, $to] of [
    [$store, $other],
    [$other, $store]
  ]) {
    let { notify } = $from
    $from.notify = (...args) => {
      notify(...args)
      if (isPassedOn) return
      isPassedOn = true
      try {
        $to.set($from.value)
      } finally {
        isPassedOn = false
      }
    }
  }
}

// A store that takes the place of another, when its module is loaded again in development. A component
// that is not drawn anew still has that one.
const replace = (name, $store, $old) => {
  if (isSource($store) && isSource($old) && Object.is($store.value, $old.value)) link($store, $old)
  for (let live of document.querySelectorAll('lagoon-live')) {
    if (live.getAttribute('store') === name) live.connectedCallback?.()
  }
}

/** Each module that shares a store calls this first. */
export const start = () => {
  // A worker
  if (!globalThis.document) return
  if (!nanostoresGlobal.isInPage) {
    nanostoresGlobal.isInPage = true
    setBuild(build)
    let { arrived } = nanostoresGlobal
    nanostoresGlobal.arrived = (name, $store, $old) => {
      sweep()
      arrived(name, $store)
      if (process.env.NODE_ENV !== 'production' && $old) replace(name, $store, $old)
    }
    watchPage()
    watchNavigation()
  }
  return sweep()
}
