// Writes paths.h, what js/path.js makes of many paths: node tests/c/data/paths.js > tests/c/data/paths.h
// What js/path.js does to a value that C can't have, or does otherwise (see src/path.h), is left out.
import { getPath, setPath } from '../../../js/path.js'

const ODD = [
  ...['', '.', '..', 'a.', '.a', 'a..b', 'a[', 'a]', 'a[]', 'a[x]', '[x]', 'a]b', 'a[b', 'a[0'],
  ...['a0]', ']0[', '[0]', '[1]', '[0][1]', 'a.[0]', '[0].a', 'a[0]b', 'a[0]b[1]', 'a[0]b[1]c'],
  ...['a[x][0]', 'a[0][x]', 'a[0].', 'a[[0]]', 'a[-1]', 'a[+1]', 'a[ 1]', 'a[1.5]', 'a[1e3]'],
  ...['a[0]]', 'a[[0]', 'a[123456789012345678901]', 'é[0].ü']
]
const NEW = ['a', 'a.b', 'a.b.c', 'a[0]', 'a[2]', 'a[1][1]', 'a.0', 'a.0.x', 'a.x[1].y', '0', '0.x']
const KEYS = ['a', 'a.', 'a.b', 'a.x', 'a.b.c', 'a.b.d', 'a.b.x.y']
const LISTS = ['a[0]', 'a[1]', 'a[2]', 'a[3]', 'a[5].x', 'a.1', 'a.3', 'a[3].x', 'a[4][1]']
const GRID = ['a[0]', 'a[0][1]', 'a[1][0]', 'a[2][2]', 'a.0.1', 'a[0].1', 'a[1][1].x']
const ITEMS = ['a[1]', 'a[1].id', 'a[0].name.first', 'a[2].id', 'a[0].id.0']
const MIXED = ['0', '1', '2', '3', '6', '1.2', '1.x', '2.0', '2[1]', '2.5.x', '1.y[1]']

const PATHS_OF = [
  [{}, [...ODD, ...NEW]],
  [null, NEW],
  [{ 'a[': 1, '[x]': 2, 'a]b': {}, 'a[1': { '5]': 3 }, '': ['x', 'y'] }, ODD],
  [{ a: { b: { c: 1, d: 2 }, '': 3 }, z: 0 }, KEYS],
  [{ a: [1, 2, 3] }, LISTS],
  [{ a: [[1, 2], [3]] }, GRID],
  [{ a: [{ id: 1 }, { id: 2, name: 'Ada' }] }, ITEMS],
  [{ 0: 'a', 1: { 2: 'x' }, 2: [[], {}] }, MIXED],
  [['a', { x: 1, 2: 3 }, [1, 2]], MIXED]
]

let state = 1
const random = below => {
  state = (state * 48271) % 2147483647
  return state % below
}
const randomPath = () =>
  Array.from({ length: 1 + random(12) }, () => 'ab..[[]]019'[random(11)]).join('')

// The keys that are asked for, on an object that has any
function partsOf(path) {
  let keys = []
  let any = new Proxy({}, { get: (_, key) => (keys.push(key), any) })
  getPath(any, path)
  return keys
}

const isIndex = key => /^(0|[1-9]\d*)$/.test(key)
const hasPlace = (value, key) => (Array.isArray(value) ? isIndex(key) : typeof value === 'object')

// In a list that is made on the way, js/path.js takes what it has not set for undefined, and makes an
// object of it also for an index
function isSame(value, parts) {
  let isMade = false
  value ??= {}
  for (let [i, key] of parts.entries()) {
    let isIndexNext = i + 1 < parts.length && isIndex(parts[i + 1])
    if (value === null || !hasPlace(value, key)) return false
    if (isIndex(key) ? key > 1000 : /^\d+$/.test(key)) return false
    if (isMade && Array.isArray(value) && isIndexNext) return false
    isMade = !Object.hasOwn(value, key)
    value = isMade ? (isIndexNext ? [] : {}) : value[key]
  }
  return true
}

const field = value => (value === undefined ? 'NULL' : JSON.stringify(value))
const print = (...fields) => console.log(`    {${fields.map(field).join(', ')}},`)

console.log('/* Written by paths.js. */')
console.log('// clang-format off')
console.log('\nstatic const struct { const char *path, *parts; } path_table[] = {')
let chosen = PATHS_OF.flatMap(([, paths]) => paths)
for (let path of new Set([...chosen, ...Array.from({ length: 250 }, randomPath)])) {
  print(path, partsOf(path).join('|'))
}
console.log('};')
console.log(
  '\n/* `value`, what is there (NULL: undefined), and the value after 9 is set, and after that is removed. */'
)
console.log(
  'static const struct { const char *value, *path, *got, *set, *removed; } value_table[] = {'
)
for (let [value, paths] of PATHS_OF) {
  for (let path of paths) {
    if (!isSame(value, partsOf(path))) continue
    let results = [value, getPath(value, path), setPath(value, path, 9), setPath(value, path)]
    let [before, got, set, removed] = results.map(x => JSON.stringify(x))
    print(before, path, got, set, removed)
  }
}
console.log('};')
