import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { atom, computed, map, onMount, share } from './index.js'
import { isAcceptable, nameOfShared, shared } from './share.js'

const { env } = process
const { NODE_ENV } = env

afterEach(() => {
  shared.clear()
  if (NODE_ENV === undefined) delete env.NODE_ENV
  else env.NODE_ENV = NODE_ENV
})

test('gives the store back, with its name', () => {
  const $count = atom(1)
  assert.equal(share('count', $count), $count)
  assert.equal(nameOfShared($count), 'count')
  assert.equal($count.name, 'count')
  assert.equal(share('count', $count), $count)
})

test('a store as a prop of an island is its name', () => {
  const $cart = share('cart', map({ count: 1 }))
  const $label = share(
    'label',
    computed($cart, ({ count }) => `${count}`)
  )
  onMount($cart, () => {})
  const end = onMount($label, () => {})
  end()
  onMount($label, () => {})
  $label.get()
  $cart.listen(() => {})
  assert.deepEqual(Object.entries($cart), [['lagoon:store', 'cart']])
  assert.deepEqual(Object.entries($label), [['lagoon:store', 'label']])
  assert.deepEqual($cart.get(), { count: 1 })
})

test('a second store by the same name is an error that says where both are', () => {
  share('cart', map())
  assert.throws(
    () => share('cart', map()),
    /two stores are shared as 'cart', one at .*share\.test\.js:\d+:\d+.* and one at .*share\.test\.js:\d+:\d+/
  )
  assert.throws(
    () => new Function('share', 'store', '\n\nshare("cart", store)')(share, map()),
    /two stores are shared as 'cart'/
  )
})

// A module that is loaded again, as a hot reload does it.
const folder = mkdtempSync(join(tmpdir(), 'lagoon-'))
after(() => rmSync(folder, { recursive: true }))

const load = async (value, version) => {
  const file = join(folder, 'count.js')
  const library = new URL('index.js', import.meta.url)
  writeFileSync(
    file,
    `import { atom, share } from '${library}'
    export const $count = share('reloaded', atom(${value}))`
  )
  return (await import(`${pathToFileURL(file)}?version=${version}`)).$count
}

test('a module that is loaded again replaces its store, which keeps the value', async () => {
  const $first = await load(1, 1)
  $first.set(5)
  await sleep(5)
  const $second = await load(1, 2)
  assert.notEqual($second, $first)
  assert.equal($second.get(), 5)
  assert.equal(shared.get('reloaded').store, $second)

  await sleep(5)
  const $other = await load("'text'", 3)
  assert.equal($other.get(), 'text', 'a value of another kind is not kept')
})

test('a call that is repeated is an error, where Vite says which module is loaded again', async () => {
  const { nanostoresGlobal } = globalThis
  const setUp = () => share('set up', atom(0))
  const $first = setUp()
  await sleep(5)
  nanostoresGlobal.isInPage = true
  try {
    const message =
      /^Lagoon: share\('set up'\) was called a second time at .*share\.test\.js:\d+:\d+.*\. Call it where/
    assert.throws(setUp, ({ message: text }) => message.test(text))
    assert.equal(shared.get('set up').store, $first)
    const $loaded = await load(1, 6)
    $loaded.set(5)
    await sleep(5)
    assert.equal((await load(1, 7)).get(), 5)
  } finally {
    delete nanostoresGlobal.isInPage
  }
})

test('in production it is an error', async () => {
  env.NODE_ENV = 'production'
  await load(1, 4)
  await sleep(5)
  await assert.rejects(load(2, 5), /two stores are shared as 'reloaded'/)
})

test('bad arguments', () => {
  const $count = atom(1)
  for (const name of [undefined, '', 1, {}]) {
    assert.throws(() => share(name, $count), /share\(\) needs a name/)
  }
  assert.throws(() => share('count', 1), /share\('count'\) needs a store, not 1/)
  assert.throws(
    () => share('count', $count, { accepts: true }),
    /'accepts' of share\('count'\) needs a function, not true/
  )
  assert.equal(shared.size, 0)
  share('count', $count)
  assert.throws(
    () => share('other', $count),
    /the store 'count' can't be shared as 'other' as well/
  )
})

test('a value fits if it is of the kind that the store began with', () => {
  const fits = (store, value, accepts) => isAcceptable({ store, accepts }, value)
  assert.ok(fits(atom(1), 2))
  assert.ok(!fits(atom(1), '2'))
  assert.ok(fits(atom(), '2'))
  assert.ok(fits(atom(null), { a: 1 }))
  assert.ok(fits(atom({ a: 1 }), null))
  assert.ok(!fits(atom({ a: 1 }), [1]))
  assert.ok(!fits(atom(new Map()), {}))
  assert.ok(fits(map(), { a: 1 }))
  assert.ok(!fits(map(), undefined))
  assert.ok(!fits(map(), [1]))
  assert.ok(fits(atom(1), '2', value => value === '2'))
})
