// Paths into nested values: 'user.tags[0]'.
const INDEX = /(.*)\[(\d+)\]/
const NUMBER = /^\d+$/

const parseKey = key => {
  let match = INDEX.exec(key)
  return match ? [...parseKey(match[1]), match[2]] : [key]
}

const parse = path => path.split('.').flatMap(parseKey)

export function getPath(object, path) {
  let value = object
  for (let key of parse(path)) {
    if (value == null) return undefined
    value = value[key]
  }
  return value
}

export function setPath(object, path, value) {
  return setByKey(object ?? {}, parse(path), value)
}

export function setByKey(object, [key, ...rest], value) {
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
