// Node resolves Solid to its server build. The browser's build is imported second, with a resolve hook.

import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { transformAsync } from '@babel/core'
import { addElement, withoutWindow } from '../tests/dom.js'
import { importText, resolveAsBrowser } from '../tests/frameworks.js'
import { atom, computed, map } from './index.js'

/** Compiles a component as Solid's own build tools do: 'ssr' for a server, 'dom' for a page. */
async function compile(jsx, generate) {
  const { code } = await transformAsync(jsx, {
    babelrc: false,
    configFile: false,
    presets: [['babel-preset-solid', { generate, hydratable: true }]]
  })
  return (await importText(code)).default
}

const LABEL = 'export default props => <p>Items: {props.useStore(props.store)()}</p>'

const server = {
  ...(await import('solid-js/web')),
  ...(await import('./solid.js')),
  Label: await compile(LABEL, 'ssr')
}
resolveAsBrowser()
const { createEffect, createRoot, createSignal, For, Show } = await import('solid-js')
const { unwrap } = await import('solid-js/store')
const { createComponent, hydrate, insert, isServer, render } = await import('solid-js/web')
const { useStore } = await import('./solid.js?browser')
const Label = await compile(LABEL, 'dom')

test('the tests see both builds of Solid', () => {
  assert.equal(server.isServer, true)
  assert.equal(isServer, false)
})

/** Runs `setup` in a root of Solid's and returns what it returns, with `dispose`. */
const root = setup => createRoot(dispose => ({ ...setup(), dispose }))

describe('lagoon/solid', () => {
  test('draws the value and every change of it, and leaves no listener', () => {
    const count = atom(1)
    const element = addElement()
    const dispose = render(() => createComponent(Label, { store: count, useStore }), element)
    assert.equal(element.textContent, 'Items: 1')
    assert.equal(count.lc, 1)

    count.set(2)
    assert.equal(element.textContent, 'Items: 2')

    dispose()
    assert.equal(count.lc, 0)
  })

  test('leaves no listener when a part of the page goes', () => {
    const count = atom(1)
    const [isShown, setShown] = createSignal(true)
    const element = addElement()
    const dispose = render(
      () =>
        createComponent(Show, {
          get when() {
            return isShown()
          },
          get children() {
            return createComponent(Label, { store: count, useStore })
          }
        }),
      element
    )
    assert.equal(count.lc, 1)
    setShown(false)
    assert.equal(count.lc, 0)
    setShown(true)
    assert.equal(count.lc, 1)
    dispose()
    assert.equal(count.lc, 0)
  })

  test('reads a computed store, and mounts what it is computed from', () => {
    const count = atom(1)
    const item = computed(count, value => ({ double: value * 2 }))
    const { value, dispose } = root(() => ({ value: useStore(item) }))
    assert.equal(value().double, 2)
    count.set(2)
    assert.equal(value().double, 4)
    dispose()
    assert.equal(item.lc, 0)
  })

  test('takes values of every kind, one after the other', () => {
    const state = atom(undefined)
    const { value, dispose } = root(() => ({ value: useStore(state) }))
    const click = () => {}
    const date = new Date()
    for (const next of [
      1,
      null,
      'text',
      { a: 1 },
      [1, 2],
      { b: [3] },
      [],
      click,
      date,
      undefined,
      0
    ]) {
      state.set(next)
      assert.deepEqual(unwrap(value()), next)
    }
    state.set(date)
    assert.equal(value(), date)
    dispose()
  })

  test('runs an effect again only when what it read has changed', () => {
    const user = map({ name: 'Ada', home: { city: 'London', street: 'Dover' } })
    const runs = { name: 0, city: 0 }
    const { dispose } = root(() => {
      const value = useStore(user)
      createEffect(() => {
        value().name
        runs.name++
      })
      createEffect(() => {
        value().home.city
        runs.city++
      })
    })
    assert.deepEqual(runs, { name: 1, city: 1 })
    user.setKey('name', 'Grace')
    assert.deepEqual(runs, { name: 2, city: 1 })
    user.setKey('home', { city: 'London', street: 'Marylebone' })
    assert.deepEqual(runs, { name: 2, city: 1 })
    user.set({ name: 'Grace', home: { city: 'Paris', street: 'Dover' } })
    assert.deepEqual(runs, { name: 2, city: 2 })
    dispose()
  })

  test('keeps the rows of a list by id, or by the key it is given', () => {
    const drawn = []
    for (const [key, options] of [
      ['id', undefined],
      ['slug', { key: 'slug' }]
    ]) {
      const list = atom([
        { [key]: 'a', text: '1' },
        { [key]: 'b', text: '2' }
      ])
      const element = addElement()
      const dispose = render(() => {
        const value = useStore(list, options)
        return createComponent(For, {
          get each() {
            return value()
          },
          children: row => {
            drawn.push(row[key])
            const item = document.createElement('li')
            insert(item, () => row.text)
            return item
          }
        })
      }, element)
      const [first, second] = element.children
      list.set([
        { [key]: 'b', text: '2!' },
        { [key]: 'a', text: '1' },
        { [key]: 'c', text: '3' }
      ])
      assert.equal(element.innerHTML, '<li>2!</li><li>1</li><li>3</li>')
      assert.equal(element.children[0], second)
      assert.equal(element.children[1], first)
      assert.deepEqual(drawn.splice(0), ['a', 'b', 'c'])
      dispose()
    }
  })

  test('never writes into the values of the store', () => {
    const initial = { count: 0, user: { name: 'Ada' } }
    const state = map(initial)
    const { value, dispose } = root(() => ({ value: useStore(state) }))
    state.setKey('user', { name: 'Grace' })
    assert.equal(value().user.name, 'Grace')
    assert.deepEqual(initial, { count: 0, user: { name: 'Ada' } })
    assert.deepEqual(Object.getOwnPropertySymbols(state.get().user), [])

    state.set(initial)
    assert.equal(value().user.name, 'Ada')
    dispose()
  })

  test('never writes into an object without a prototype', () => {
    const bare = Object.assign(Object.create(null), { name: 'Ada' })
    const state = atom({ bare })
    const { value, dispose } = root(() => ({ value: useStore(state) }))
    state.set({ bare: { name: 'Grace' } })
    assert.equal(value().bare.name, 'Grace')
    assert.equal(bare.name, 'Ada')
    dispose()
  })

  test('reads frozen values', () => {
    const state = atom(Object.freeze({ user: Object.freeze({ name: 'Ada' }) }))
    const { value, dispose } = root(() => ({ value: useStore(state) }))
    state.set(Object.freeze({ user: Object.freeze({ name: 'Grace' }) }))
    assert.equal(value().user.name, 'Grace')
    dispose()
  })

  test('keeps apart two places that share one object', () => {
    const home = { city: 'London' }
    const order = map({ from: home, to: home })
    const { value, dispose } = root(() => ({ value: useStore(order) }))
    order.setKey('to', { city: 'Paris' })
    assert.equal(value().from.city, 'London')
    assert.equal(value().to.city, 'Paris')
    assert.equal(order.get().from.city, 'London')
    dispose()
  })

  test('swaps rows that have no id', () => {
    const [a, b, c] = [{ text: 'a' }, { text: 'b' }, { text: 'c' }]
    const list = atom([a, b, c])
    const { value, dispose } = root(() => ({ value: useStore(list) }))
    list.set([b, a, c])
    assert.equal(
      value()
        .map(row => row.text)
        .join(),
      'b,a,c'
    )
    dispose()
  })

  test('two components that read one store do not disturb each other', () => {
    const user = map({ name: 'Ada' })
    const first = root(() => ({ value: useStore(user) }))
    const second = root(() => ({ value: useStore(user) }))
    user.setKey('name', 'Grace')
    assert.deepEqual([first.value().name, second.value().name], ['Grace', 'Grace'])
    first.dispose()
    user.setKey('name', 'Alan')
    assert.deepEqual([first.value().name, second.value().name], ['Grace', 'Alan'])
    second.dispose()
    assert.equal(user.lc, 0)
  })
})

describe('lagoon/solid on a server', () => {
  const draw = store =>
    withoutWindow(() =>
      server.renderToString(() =>
        server.createComponent(server.Label, { store, useStore: server.useStore })
      )
    )

  test('draws the value and leaves no listener', async () => {
    const count = atom(1)
    count.set(2)
    assert.match(await draw(count), /Items: .*2/)
    assert.equal(count.lc, 0)
  })

  test('the page takes over the markup of the server', async () => {
    const count = atom(1)
    const element = addElement(await draw(count))
    const paragraph = element.firstChild
    globalThis._$HY = { events: [], completed: new WeakSet(), r: {} }
    const dispose = hydrate(() => createComponent(Label, { store: count, useStore }), element)
    assert.equal(element.textContent, 'Items: 1')
    assert.equal(element.firstChild, paragraph)

    count.set(2)
    assert.equal(element.textContent, 'Items: 2')
    assert.equal(element.firstChild, paragraph)
    dispose()
    assert.equal(count.lc, 0)
  })
})
