// Errors that name the store and say what to do. The checks of arguments are for development: each is
// called where a production build leaves it out.
export const nameOf = $store => $store?.name || 'a store'

export const fail = ($store, text) => {
  throw new Error(`Lagoon: ${nameOf($store)} ${text}`)
}

const show = value => {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return 'an array'
  if (Object(value) !== value) return String(value)
  if (value.listen) return nameOf(value)
  return typeof value === 'function' ? 'a function' : 'an object'
}

// `who` is the function that was called, `$store` the store that it was called for.
export const need = (what, value, who, $store) => {
  let where = $store ? ` of ${nameOf($store)}` : ''
  throw new TypeError(`Lagoon: ${who}${where} needs ${what}, not ${show(value)}`)
}

export const needFunction = (fn, who, $store) => {
  if (typeof fn !== 'function') need('a function', fn, who, $store)
}

export const needStore = ($store, who, $owner) => {
  if (typeof $store?.listen !== 'function') need('a store', $store, who, $owner)
}

export const needStores = (stores, who, $owner) => {
  for (let $store of stores) needStore($store, who, $owner)
}

export const needPath = (path, who, $store) => {
  if (typeof path !== 'string') need("a path such as 'tags[0]'", path, who, $store)
}

export const needList = (keys, who, $store) => {
  if (!Array.isArray(keys)) need('a list of keys', keys, who, $store)
}
