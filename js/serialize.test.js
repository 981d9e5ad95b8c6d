import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserialize, join, serialize, split } from './serialize.js'

const travel = value => {
  const snapshot = join([['store', serialize('store', value)]])
  assert.ok(!snapshot.includes('<'), snapshot)
  const [[name, flat]] = split(snapshot)
  assert.equal(name, 'store')
  return deserialize(flat)
}

test('values arrive equal', () => {
  const repeated = { a: 1 }
  for (const value of [
    undefined,
    null,
    -0,
    NaN,
    Infinity,
    10n ** 30n,
    '',
    new Date(0),
    /a+/gi,
    new URL('https://example.com/?a=1#b'),
    new Map([[{ key: 1 }, new Set([1, 'a'])]]),
    new Uint8Array([1, 2, 255]),
    new Uint16Array([1, 65535]),
    new Uint32Array([4294967295]),
    new Float64Array([1.5, -0]),
    [repeated, repeated],
    [1, , 3], // eslint-disable-line no-sparse-arrays
    { nested: { list: [{ deep: true }] } },
    { entries: [1], Object: 'a' }
  ]) {
    assert.deepEqual(travel(value), value)
  }
})

test('a date that is none stays one', () => {
  assert.ok(Number.isNaN(travel(new Date(NaN)).getTime()))
})

test('so do strings that would break out of a script, and keys that would break an object', () => {
  for (const text of [
    '</script><script>alert(1)</script>',
    '<!--<script>',
    ']]>',
    '\u2028\u2029',
    '\ud800 and \udfff',
    '\0\r\n\t\v',
    '"\'`${x}\\',
    'a'.repeat(1e6)
  ]) {
    assert.equal(travel(text), text)
    assert.deepEqual(travel({ [text]: text }), { [text]: text })
  }
  const value = JSON.parse('{ "__proto__": { "isAdmin": true }, "a": [{ "__proto__": 1 }] }')
  const arrived = travel(value)
  assert.deepEqual(Object.keys(arrived), ['__proto__', 'a'])
  assert.deepEqual(arrived.a[0], value.a[0])
  assert.equal(arrived.isAdmin, undefined)
  assert.equal({}.isAdmin, undefined)
})

test('a name may be any text', () => {
  const names = ['</script>', '__proto__', 'a"b']
  const snapshot = join(names.map(name => [name, serialize(name, name)]))
  assert.ok(!snapshot.includes('<'))
  assert.deepEqual(
    split(snapshot).map(([name, flat]) => [name, deserialize(flat)]),
    names.map(name => [name, name])
  )
})

test('what cannot travel is an error that names the store', () => {
  const cycle = { list: [] }
  cycle.list.push(new Map([['back', cycle]]))
  const inSet = new Set()
  inSet.add(inSet)
  class Cart {}
  for (const [value, reason] of [
    [cycle, /a value contains itself/],
    [inSet, /a value contains itself/],
    [{ a: [() => {}] }, /function at \.a\[0\]/],
    [new Cart(), /non-POJOs/],
    [Symbol('s'), /Symbol/]
  ]) {
    assert.throws(
      () => serialize('cart', value),
      error =>
        error.message.startsWith("Lagoon: the value of the shared store 'cart' can't be sent: ") &&
        reason.test(error.message)
    )
  }
})

test('what is no snapshot is an error', () => {
  for (const text of ['', '{', '[]', 'null', '1']) {
    assert.throws(() => split(text), /hydrate\(\) needs the text that snapshot\(\) gave/)
  }
})

test('a view brings only its own part of a buffer', () => {
  const { buffer } = Buffer.from('secrets of others, and mine')
  for (const View of [Uint8Array, Uint16Array, DataView]) {
    const view = new View(buffer, 8, 1)
    assert.ok(serialize('store', view).length < 80)
    const arrived = travel(view)
    assert.equal(arrived.constructor, View)
    assert.equal(arrived.byteLength, view.byteLength)
    if (View !== DataView) assert.deepEqual(arrived, view)
  }
})

test('what is repeated very often takes no time', () => {
  let value = [1]
  for (let i = 0; i < 100; i++) value = [value, value]
  assert.ok(serialize('store', value).length < 2000)
})
