// Browsers: what a server wrote into its shared stores comes into the stores of the same names here. This
// is what js/client.js and js/astro/client.js stand on.
import { nanostoresGlobal } from '#lagoons'
import { deserialize, split } from './serialize.js'
import { isAcceptable, isSource, shared } from './share.js'

// All copies of the package on a page have the same. By name: the words that wait for a store that nobody
// has shared yet; the server's last word; and when the browser wrote. `build` is the one of this page's
// scripts, `offset` the shortest way from the server's clock to this one, in milliseconds.
const state = (nanostoresGlobal.arrivals ||= {
  waiting: new Map(),
  last: new Map(),
  writes: new Map(),
  reported: new Set(),
  build: undefined,
  offset: Infinity
})

const report = (name, text, cause) => {
  if (state.reported.has(name)) return
  state.reported.add(name)
  let message = `Lagoon: the server's value for '${name}' is left out: ${text}`
  if (cause) console.error(message, cause)
  else console.error(message)
}

const reportUnknown = name =>
  report(name, `nothing is shared by that name. Share a store as '${name}', or reload the page`)

const tagOf = value => Object.prototype.toString.call(value).slice(8, -1)

/** Whether two values are the same to look at. No, if that can't be seen. */
export const isSame = (a, b) => {
  if (Object.is(a, b)) return true
  let tag = tagOf(a)
  if (typeof a !== 'object' || tag !== tagOf(b)) return false
  if (tag === 'Date') return Object.is(+a, +b)
  if (tag === 'URL' || tag === 'RegExp') return `${a}` === `${b}`
  if (tag === 'Map' || tag === 'Set') return isSame([...a], [...b])
  if (!/^(Object|.*Array)$/.test(tag)) return false
  let keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  )
}

/** The value in what has come. Throws if this version of the package can't read it. */
export const valueOf = word => {
  if (!('value' in word)) word.value = deserialize(word.flat)
  return word.value
}

// Whether the store may get the value.
const fits = (entry, word) => {
  try {
    if (!isSource(entry.store)) throw new Error('a computed has no value of its own')
    let value = valueOf(word)
    if (word.build && word.build === state.build) return true
    if (isAcceptable(entry, value)) return true
  } catch (error) {
    report(word.name, 'it does not fit the store', error)
    return false
  }
  report(
    word.name,
    "it has another shape than the store. Reload the page, or let 'accepts' of share() say what fits"
  )
  return false
}

// The store that is just given a server's value.
let receiving

// A server's word counts if it is news, and if the browser has not written since it was asked for. Its
// first word is news if it isn't the value with which the store begins everywhere.
const receive = (entry, word) => {
  let { store } = entry
  let last = state.last.get(word.name)
  if (last && word.at < last.at) return
  if (!fits(entry, word)) return
  // A server island begins with the first values, and has only read it
  if (word.isPart && isSame(word.value, store.init)) return
  let isNews = last ? !isSame(last.flat, word.flat) : !isSame(word.value, store.init)
  state.last.set(word.name, word)
  if (!isNews || state.writes.get(word.name) > word.began) return
  receiving = store
  try {
    store.set(word.value)
  } catch (error) {
    // What a listener throws keeps no other store from its value
    queueMicrotask(() => {
      throw error
    })
  } finally {
    receiving = undefined
  }
}

const noteWrites = (name, $store) => {
  let { notify } = $store
  $store.notify = (oldValue, changedKey) => {
    if (receiving === $store) receiving = undefined
    else if (shared.get(name)?.store === $store) state.writes.set(name, performance.now())
    return notify(oldValue, changedKey)
  }
}

nanostoresGlobal.arrived = (name, $store) => {
  if (!isSource($store)) return
  noteWrites(name, $store)
  let words = state.waiting.get(name) ?? []
  state.waiting.delete(name)
  for (let word of words) receive(shared.get(name), word)
}

const PATIENCE = 10_000
const MANY = 10

// What nobody has shared a while after the page was loaded, another version of the site has sent.
const reportLater = name => {
  let wait = () =>
    setTimeout(() => {
      if (state.waiting.has(name)) reportUnknown(name)
    }, PATIENCE)
  if (globalThis.document && document.readyState !== 'complete') addEventListener('load', wait)
  else wait()
}

/** The words of a snapshot, each of which comes into its store now, or as soon as that is shared. */
export const take = (data, { at = 0, build, since = 0, names, isPart } = {}) => {
  let flats = split(data)
  if (at) state.offset = Math.min(state.offset, performance.now() - at)
  let began = at ? Math.min(since, at + state.offset) : since
  return flats.map(([name, flat]) => {
    let word = { name, flat, at, build, began, isPart }
    let entry = shared.get(name)
    if (entry) {
      receive(entry, word)
    } else if (names && !names.includes(name)) {
      reportUnknown(name)
    } else {
      let words = state.waiting.get(name) ?? []
      state.waiting.set(name, [...words, word].slice(-MANY))
      if (!build || build !== state.build) reportLater(name)
    }
    return word
  })
}

/** Says of which build the page's scripts are. */
export const setBuild = build => {
  state.build = build
}
