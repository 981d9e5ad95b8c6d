// Paths into nested values: 'user.tags[0]'.
import { needList, needPath } from './fail.js'

const INDEX = /(.*)\[(\d+)\]/
const NUMBER = /^\d+$/

const parseKey = key => {
  let match = INDEX.exec(key)
  return match ? [...parseKey(match[1]), match[2]] : [key]
}

const parse = path => path.split('.').flatMap(parseKey)

export function getPath(object, path) {
  if (typeof path !== 'string' && process.env.NODE_ENV !== 'production') needPath(path, 'getPath()')
  let value = object
  for (let key of parse(path)) {
    if (value == null) return undefined
    value = value[key]
  }
  return value
}

export function setPath(object, path, value) {
  if (typeof path !== 'string' && process.env.NODE_ENV !== 'production') needPath(path, 'setPath()')
  return setByKey(object ?? {}, parse(path), value)
}

export function setByKey(object, keys, value) {
  if (!Array.isArray(keys) && process.env.NODE_ENV !== 'production') needList(keys, 'setByKey()')
  let [key, ...rest] = keys
  // It would give the copy another prototype
  if (key === '__proto__') throw new Error("Lagoon: '__proto__' can't be a key in a path")
  let copy = Array.isArray(object) ? [...object] : { ...object }
  if (rest.length) {
    if (!(key in copy)) copy[key] = NUMBER.test(rest[0]) ? Array(Number(rest[0]) + 1) : {}
    copy[key] = setByKey(copy[key], rest, value)
  } else if (value !== undefined) {
    copy[key] = value
  } else if (Array.isArray(copy)) {
    copy.splice(key, 1)
  } else {
    delete copy[key]
  }
  return copy
}
