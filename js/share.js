// Stores by name, so that what a server wrote reaches the same store in the browser.
import { nanostoresGlobal, noteShared, showName } from '#lagoons'
import { need, needFunction, needStore } from './fail.js'

// By name: `store`, `accepts`, and the line and file where it was shared. All copies of the package on a
// page or server have the same. A second one holds the names by store.
export const shared = (nanostoresGlobal.shared ||= new Map())
const names = (nanostoresGlobal.names ||= new WeakMap())

export const nameOfShared = $store => names.get($store)

// The line of a stack that called share(), and its file. Browsers print `at name (url:1:2)` or `name@url:1:2`.
const placeOfCall = () => {
  let lines = new Error().stack?.split('\n').filter(line => /:\d+:\d+/.test(line)) ?? []
  // Above are placeOfCall() and share()
  let line = lines[2]?.trim().replace(/^at /, '') ?? 'in an unknown place'
  return { line, file: line.replace(/(\?[^:]*)?(:\d+)+\)?$/, '') }
}

// Computeds are not sent: they follow the stores that they are made of.
export const isSource = $store => $store.set && !('sources' in $store)

// Whether a value may be what this store holds. An older version of the site may have sent another kind.
const kindOf = value =>
  value == null ? undefined : typeof value === 'object' ? {}.toString.call(value) : typeof value

export const isAcceptable = ({ store, accepts }, value) => {
  if (accepts) return accepts(value)
  let kind = kindOf(value)
  if (store.setKey && kind !== '[object Object]') return false
  return !kind || !kindOf(store.init) || kind === kindOf(store.init)
}

const fail = text => {
  throw new Error(`Lagoon: ${text}`)
}

export const share = (name, $store, { accepts } = {}) => {
  if (process.env.NODE_ENV !== 'production') {
    if (typeof name !== 'string' || !name) need('a name', name, 'share()')
    needStore($store, `share('${name}')`)
    if (accepts) needFunction(accepts, `'accepts' of share('${name}')`)
  }

  let known = shared.get(name)
  if (known?.store === $store) return $store
  let otherName = names.get($store)
  if (otherName) fail(`the store '${otherName}' can't be shared as '${name}' as well`)

  let { line, file } = placeOfCall()
  let entry = { store: $store, accepts, line, file, isNew: true }
  // In one run of a module, a second one with this name is a mistake. Later it is that module, loaded again
  queueMicrotask(() => {
    entry.isNew = false
  })
  if (known) {
    // Vite loads a module again from another address
    let isReload =
      known.file === file && !known.isNew && !(nanostoresGlobal.isInPage && known.line === line)
    if (process.env.NODE_ENV === 'production' || !isReload) {
      fail(
        known.line === line
          ? `share('${name}') was called a second time at ${line}. ` +
              'Call it where a module is loaded, not in a component or a request'
          : `two stores are shared as '${name}', one at ${known.line} and one at ${line}. ` +
              'Give one of them another name'
      )
    }
    if ($store.set && isAcceptable(entry, known.store.value)) $store.set(known.store.value)
  }

  shared.set(name, entry)
  names.set($store, name)
  if (!$store.name) $store.name = name
  showName($store, name)
  noteShared($store)
  nanostoresGlobal.arrived?.(name, $store, known?.store)
  return $store
}
