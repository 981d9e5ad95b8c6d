// The values of shared stores as text, by devalue: each becomes the JSON of a flat array, and a snapshot
// the JSON of an object that has these by the stores' names. It may stand in a script of a page: there
// is no `<` in it.
import { stringify, unflatten } from './devalue.js'

const isPlain = value => Object.prototype.toString.call(value) === '[object Object]'

// devalue refuses objects with such a key of their own, which JSON may have
const viewOf = ({ buffer, byteOffset, byteLength }, name) =>
  new globalThis[name](buffer.slice(byteOffset, byteOffset + byteLength))

const reducers = {
  // devalue sends the whole buffer of a view. Node's buffers are parts of one that has everybody's data
  view: value =>
    ArrayBuffer.isView(value) &&
    value.byteLength < value.buffer.byteLength &&
    viewOf(value, Object.prototype.toString.call(value).slice(8, -1)),
  entries: value => isPlain(value) && Object.hasOwn(value, '__proto__') && Object.entries(value)
}
const revivers = { entries: Object.fromEntries, view: value => value }

const childrenOf = value => {
  if (value instanceof Map) return [...value].flat()
  if (value instanceof Set) return value
  if (Array.isArray(value) || isPlain(value)) return Object.values(value)
  return []
}

const refuseCycle = (value, path = new Set(), done = new Set()) => {
  if (typeof value !== 'object' || !value || done.has(value)) return
  if (path.has(value)) throw new Error('a value contains itself')
  path.add(value)
  for (let child of childrenOf(value)) refuseCycle(child, path, done)
  path.delete(value)
  done.add(value)
}

/** Throws an error with the name of the store if the value can't travel. */
export const serialize = (name, value) => {
  try {
    refuseCycle(value)
    return stringify(value, reducers)
  } catch (cause) {
    let where = cause.path ? ` at ${cause.path}` : ''
    throw new TypeError(
      `Lagoon: the value of the shared store '${name}' can't be sent: ${cause.message}${where}. ` +
        'Keep plain objects, arrays, Date, Map, Set, URL, BigInt and typed arrays in it',
      { cause }
    )
  }
}

/** Takes pairs of a name and what serialize() gave. */
export const join = pairs =>
  `{${pairs.map(([name, text]) => `${JSON.stringify(name).replaceAll('<', '\\u003C')}:${text}`)}}`

/** Returns, by name, what deserialize() takes. */
export const split = snapshot => {
  let flats
  try {
    flats = JSON.parse(snapshot)
  } catch (cause) {
    throw new TypeError('Lagoon: hydrate() needs the text that snapshot() gave', { cause })
  }
  if (!isPlain(flats)) throw new TypeError('Lagoon: hydrate() needs the text that snapshot() gave')
  return Object.entries(flats)
}

export const deserialize = flat => unflatten(flat, revivers)
