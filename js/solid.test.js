// Node resolves Solid to its server build. The browser's build is imported second, with a resolve hook.

import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { transformAsync } from '@babel/core'
import { addElement, withoutWindow } from '../tests/dom.js'
import { importText, resolveAsBrowser } from '../tests/frameworks.js'
import { atom, cleanStores, computed, effect, map, STORE_UNMOUNT_DELAY } from './index.js'

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
const solid = await import('solid-js')
const { createEffect, createMemo, createRoot, createSignal, For, onCleanup, Show } = solid
const { unwrap } = await import('solid-js/store')
const { createComponent, hydrate, insert, isServer, render } = await import('solid-js/web')
const { fromSignal, toSignal, useStore } = await import('./solid.js?browser')
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

describe('toSignal', () => {
  test('reads and writes a store', () => {
    const count = atom(1)
    const runs = []
    const { dispose } = root(() => {
      const [value, setValue] = toSignal(count)
      createEffect(() => runs.push(value()))
      return { value, setValue }
    })
    count.set(2)
    assert.deepEqual(runs, [1, 2])
    dispose()
    assert.equal(count.lc, 0)
  })

  test('writes as a setter of Solid does, and sends nothing back', () => {
    const count = atom(1)
    const calls = []
    count.listen(value => calls.push(value))
    const runs = []
    const { setValue, dispose } = root(() => {
      const [value, setValue] = toSignal(count)
      createEffect(() => runs.push(value()))
      return { setValue }
    })
    assert.equal(setValue(2), 2)
    assert.equal(
      setValue(value => value + 1),
      3
    )
    setValue(3)
    assert.deepEqual(calls, [2, 3])
    assert.deepEqual(runs, [1, 2, 3])
    dispose()
  })

  test('keeps functions and objects as they are', () => {
    const click = () => {}
    const handler = atom(click)
    const user = map({ name: 'Ada' })
    const { values, dispose } = root(() => ({ values: [toSignal(handler)[0], toSignal(user)[0]] }))
    assert.equal(values[0](), click)
    assert.equal(values[1](), user.get())
    user.setKey('name', 'Grace')
    assert.equal(values[1]().name, 'Grace')
    user.value.name = 'Alan'
    user.notify()
    assert.equal(values[1]().name, 'Alan')
    dispose()
  })

  test('listens until it is stopped, without an owner', () => {
    const count = atom(1)
    const [value, , stop] = toSignal(count)
    assert.equal(count.lc, 1)
    stop()
    assert.equal(count.lc, 0)
    count.set(2)
    assert.equal(value(), 1)
  })

  test('fails on what is no store, and writes only what can be written', () => {
    assert.throws(() => toSignal(undefined), TypeError)
    const [value, setValue, stop] = toSignal(fromSignal(() => 2))
    assert.throws(() => setValue(1), TypeError)
    assert.equal(value(), 2)
    stop()
  })
})

describe('fromSignal', () => {
  test('has the values of a signal, and writes them', () => {
    const [value, setValue] = createSignal(1)
    const store = fromSignal([value, setValue])
    const calls = []
    const unbind = store.subscribe((now, before) => calls.push([now, before]))
    setValue(2)
    store.set(3)
    assert.deepEqual([value(), store.get()], [3, 3])
    assert.deepEqual(calls, [
      [1, undefined],
      [2, 1],
      [3, 2]
    ])
    unbind()
    cleanStores(store)
  })

  test('sends nothing back', () => {
    const [value, setValue] = createSignal(1)
    const written = []
    const store = fromSignal([
      value,
      next => {
        written.push(next)
        setValue(Math.min(next, 9))
      }
    ])
    const calls = []
    store.listen(now => calls.push(now))
    setValue(2)
    assert.deepEqual(written, [])
    store.set(20)
    assert.deepEqual(written, [20])
    assert.deepEqual(calls, [2, 9])
    store.set(NaN)
    store.set(NaN)
    setValue(NaN)
    assert.deepEqual(calls, [2, 9, NaN])
    cleanStores(store)
  })

  test('comes and goes with the listeners, and reads right without any', async () => {
    let runs = 0
    const [value, setValue] = createSignal(1)
    const store = fromSignal(() => {
      runs++
      return value()
    })
    const values = []
    const unbind = store.subscribe(now => values.push(now))
    setValue(2)
    unbind()
    await new Promise(resolve => setTimeout(resolve, STORE_UNMOUNT_DELAY + 50))
    const before = runs
    setValue(3)
    assert.equal(runs, before, 'nobody follows the signal')
    assert.equal(store.get(), 3)
    setValue(4)
    assert.equal(store.get(), 4)
    assert.deepEqual(values, [1, 2])
    cleanStores(store)
  })

  test('follows a memo, and cannot write it', () => {
    const { store, setCount, dispose } = root(() => {
      const [count, setCount] = createSignal(1)
      return { store: fromSignal(createMemo(() => count() * 2)), setCount }
    })
    const values = []
    store.subscribe(value => values.push(value))
    setCount(2)
    assert.deepEqual(values, [2, 4])
    assert.equal(store.set, undefined)
    dispose()
  })

  test('is current in a batch of Solid, whose listeners are called once', () => {
    const [value, setValue] = createSignal(1)
    const store = fromSignal([value, setValue])
    const double = computed(store, number => number * 2)
    const values = []
    const unbind = double.subscribe(number => values.push(number))
    solid.batch(() => {
      setValue(2)
      setValue(3)
      assert.equal(value(), 3)
    })
    solid.batch(() => {
      setValue(4)
      assert.equal(store.get(), 4)
      store.set(5)
      assert.deepEqual([value(), store.get(), double.get()], [5, 5, 10])
    })
    assert.deepEqual(values, [2, 6, 8, 10])
    unbind()
    cleanStores(double, store)
  })

  test('what its listeners read does not make them run again', () => {
    const [value, setValue] = createSignal(1)
    const [other, setOther] = createSignal(1)
    const store = fromSignal([value, setValue])
    let calls = 0
    store.subscribe(() => {
      other()
      calls++
    })
    setOther(2)
    setValue(2)
    setOther(3)
    assert.equal(calls, 2)
    cleanStores(store)
  })

  test('is tracked by computeds and effects', () => {
    const [value, setValue] = createSignal(1)
    const store = fromSignal([value, setValue])
    const values = []
    const stop = effect(() => void values.push(store.get()))
    setValue(2)
    store.set(3)
    stop()
    setValue(4)
    assert.deepEqual(values, [1, 2, 3])
    cleanStores(store)
  })

  test('ends with its owner', () => {
    const [value, setValue] = createSignal(1)
    const calls = []
    const { store, dispose } = root(() => {
      const store = fromSignal([value, setValue])
      onCleanup(() => calls.push('disposed'))
      return { store }
    })
    store.listen(now => calls.push(now))
    setValue(2)
    dispose()
    setValue(3)
    assert.deepEqual(calls, [2, 'disposed'])
    assert.equal(store.get(), 3, 'it is still read')
    cleanStores(store)
    store.listen(now => calls.push(now))
    setValue(4)
    assert.deepEqual(calls.slice(2), [3])
  })

  test('there and back again', () => {
    const count = atom(1)
    const { value, setValue, store, dispose } = root(() => {
      const [value, setValue] = toSignal(count)
      return { value, setValue, store: fromSignal([value, setValue]) }
    })
    const calls = []
    store.listen(now => calls.push(now))
    count.set(2)
    setValue(3)
    store.set(4)
    assert.deepEqual([count.get(), value(), store.get()], [4, 4, 4])
    assert.deepEqual(calls, [2, 3, 4])
    dispose()
    assert.equal(count.lc, 0)
  })

  test('keeps functions, and fails as its signal does', () => {
    const click = () => {}
    const store = fromSignal(createSignal(() => {}))
    store.set(click)
    assert.equal(store.get(), click)
    assert.throws(() => fromSignal(undefined).get(), TypeError)
    const failing = fromSignal(() => {
      throw new Error('no value')
    })
    assert.throws(() => failing.get(), /^Error: no value$/)
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

  test('signals are read and written, and leave no listener', () => {
    const count = atom(1)
    const [value, setValue] = server.toSignal(count)
    assert.equal(setValue(2), 2)
    assert.equal(value(), 2)
    assert.equal(count.lc, 0)

    let current = 1
    const store = server.fromSignal([() => current, next => (current = next)])
    store.set(3)
    assert.deepEqual([current, store.get()], [3, 3])
    current = 4
    assert.equal(store.get(), 4)
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
