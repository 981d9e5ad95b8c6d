import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getPath, setByKey, setPath } from '../tests/library.js'

const example = () => ({ user: { name: 'Ada', tags: ['a', 'b'] }, grid: [[1, 2], [3]] })

test('getPath reads keys and list items', () => {
  const object = example()
  assert.equal(getPath(object, 'user'), object.user)
  assert.equal(getPath(object, 'user.name'), 'Ada')
  assert.equal(getPath(object, 'user.tags[1]'), 'b')
  assert.equal(getPath(object, 'grid[1][0]'), 3)
  assert.equal(getPath({ list: [{ id: 1 }] }, 'list[0].id'), 1)
  assert.equal(getPath({ 1: { 2: 'x' } }, '1.2'), 'x')
})

test('getPath reads list items with more than one digit', () => {
  const list = Array.from({ length: 12 }, (_, i) => i)
  assert.equal(getPath({ list }, 'list[11]'), 11)
})

test('getPath returns undefined for a path that leads nowhere', () => {
  for (const path of [
    'nobody',
    'nobody.name',
    'user.name.first',
    'user.tags[9]',
    'user.tags[9].x'
  ]) {
    assert.equal(getPath(example(), path), undefined, path)
  }
  for (const nothing of [undefined, null]) {
    assert.equal(getPath(nothing, 'a'), undefined)
    assert.equal(getPath({ a: nothing }, 'a.b'), undefined)
  }
})

test('getPath does not take falsy values for missing ones', () => {
  for (const value of [0, '', false, null, NaN]) {
    assert.ok(Object.is(getPath({ a: { b: value } }, 'a.b'), value))
  }
  assert.equal(getPath({ a: '' }, 'a.length'), 0)
})

test('setPath copies what is on the path, and shares the rest', () => {
  const object = example()
  const copy = setPath(object, 'user.name', 'Grace')
  assert.deepEqual(copy, { ...example(), user: { name: 'Grace', tags: ['a', 'b'] } })
  assert.deepEqual(object, example())
  assert.notEqual(copy.user, object.user)
  assert.equal(copy.user.tags, object.user.tags)
  assert.equal(copy.grid, object.grid)
})

test('setPath writes list items into a copy', () => {
  const object = example()
  const copy = setPath(object, 'grid[0][1]', 9)
  assert.deepEqual(copy.grid, [[1, 9], [3]])
  assert.equal(copy.grid[1], object.grid[1])
  assert.ok(Array.isArray(copy.grid))
  assert.deepEqual(object, example())
})

test('setPath makes the objects and lists that are missing', () => {
  assert.deepEqual(setPath({}, 'a.b.c', 1), { a: { b: { c: 1 } } })
  assert.deepEqual(setPath({}, 'list[0]', 1), { list: [1] })
  assert.deepEqual(setPath({}, 'list[0].name', 'x'), { list: [{ name: 'x' }] })
})

test('setPath makes a list as long as its index needs', () => {
  assert.deepEqual(setPath({}, 'list[2]', 'x').list, [undefined, undefined, 'x'])
  assert.equal(setPath({ list: ['a'] }, 'list[3]', 'x').list.length, 4)
})

test('setPath takes null and undefined for an empty object', () => {
  assert.deepEqual(setPath(null, 'a', 1), { a: 1 })
  assert.deepEqual(setPath(undefined, 'a.b', 1), { a: { b: 1 } })
})

test('setPath puts an object in the place of what can not have keys', () => {
  for (const value of [null, 1, true]) {
    assert.deepEqual(setPath({ a: value }, 'a.b', 1), { a: { b: 1 } })
  }
})

test('undefined removes a key, and takes an item out of its list', () => {
  assert.deepEqual(Object.keys(setPath({ a: 1, b: 2 }, 'a', undefined)), ['b'])
  const object = example()
  assert.deepEqual(setPath(object, 'user.tags[0]', undefined).user.tags, ['b'])
  assert.deepEqual(Object.keys(setPath(object, 'user.name', undefined).user), ['tags'])
  assert.deepEqual(object, example())
})

test('setPath keeps null as a value', () => {
  assert.deepEqual(setPath({ a: 1 }, 'a', null), { a: null })
})

test('setByKey takes a list of keys, with dots in them too', () => {
  assert.deepEqual(setByKey({}, ['a.b', 'c'], 1), { 'a.b': { c: 1 } })
  assert.deepEqual(setByKey({ list: ['a'] }, ['list', 0], 'b'), { list: ['b'] })
  assert.deepEqual(setByKey({}, ['list', 1], 'b').list.length, 2)
  assert.deepEqual(setByKey({ list: ['a', 'b'] }, ['list', 0], undefined), { list: ['b'] })
})

test('setByKey takes symbols', () => {
  const key = Symbol('key')
  const copy = setByKey({ [key]: { a: 1 } }, [key, 'b'], 2)
  assert.deepEqual(copy[key], { a: 1, b: 2 })
})

test('setByKey leaves the list of keys as it was', () => {
  const keys = ['a', 'b', 'c']
  setByKey({}, keys, 1)
  assert.deepEqual(keys, ['a', 'b', 'c'])
})

test('a path that is no string is refused', () => {
  assert.throws(() => getPath({}, undefined), TypeError)
  assert.throws(() => setPath({}, 1, 1), TypeError)
})

test('an index that no list can have is refused', () => {
  assert.throws(() => setPath({}, 'list[4294967295]', 1), RangeError)
})
