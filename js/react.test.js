import '../tests/dom.js'

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  act,
  createElement as h,
  StrictMode,
  Suspense,
  startTransition,
  use,
  useLayoutEffect,
  useState
} from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { addElement, takeComplaints, until } from '../tests/dom.js'
import { atom, computed, map, onMount } from './index.js'
import { useLoadingStore, useStore } from './react.js'

beforeEach(() => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true
})

/** Draws a component; `draw` draws again, with other properties. */
async function mount(component, props, wrapper = 'main') {
  const element = addElement()
  const root = createRoot(element)
  const draw = props => act(() => root.render(h(wrapper, null, h(component, props))))
  await draw(props)
  return { element, draw, unmount: () => act(() => root.unmount()) }
}

describe('lagoon/react', () => {
  test('draws the value and every change of it, and leaves no listener', async () => {
    const count = atom(1)
    const page = await mount(() => useStore(count))
    assert.equal(page.element.textContent, '1')
    assert.equal(count.lc, 1)

    await act(() => count.set(2))
    assert.equal(page.element.textContent, '2')

    await page.unmount()
    assert.equal(count.lc, 0)
  })

  test('draws once for several changes in one tick', async () => {
    const count = atom(0)
    let draws = 0
    const page = await mount(() => {
      draws++
      return useStore(count)
    })
    await act(() => {
      count.set(1)
      count.set(2)
    })
    assert.equal(page.element.textContent, '2')
    assert.equal(draws, 2)
    await page.unmount()
  })

  test('draws a computed store, and mounts what it is computed from', async () => {
    const count = atom(1)
    const double = computed(count, value => value * 2)
    const page = await mount(() => useStore(double))
    assert.equal(page.element.textContent, '2')
    await act(() => count.set(4))
    assert.equal(page.element.textContent, '8')
    await page.unmount()
    assert.equal(double.lc, 0)
  })

  test('draws a computed store that makes a new object each time', async () => {
    const count = atom(1)
    const item = computed(count, value => ({ value }))
    const page = await mount(() => useStore(item).value)
    await act(() => count.set(2))
    assert.equal(page.element.textContent, '2')
    await page.unmount()
  })

  test('works in StrictMode', async () => {
    const count = atom(1)
    const page = await mount(() => useStore(count), {}, StrictMode)
    assert.equal(count.lc, 1)
    await act(() => count.set(2))
    assert.equal(page.element.textContent, '2')
    await page.unmount()
    assert.equal(count.lc, 0)
  })

  test('draws what a store got between the drawing and the effect', async () => {
    const count = atom(1)
    const page = await mount(() => {
      useLayoutEffect(() => count.set(2), [])
      return useStore(count)
    })
    assert.equal(page.element.textContent, '2')
    await page.unmount()
  })

  test('draws what onMount of the store sets', async () => {
    const user = atom('nobody')
    onMount(user, () => user.set('Ada'))
    const page = await mount(() => useStore(user))
    assert.equal(page.element.textContent, 'Ada')
    await page.unmount()
  })

  test('follows another store given later', async () => {
    const first = atom('first')
    const second = atom('second')
    const page = await mount(({ store }) => useStore(store), { store: first })
    await page.draw({ store: second })
    assert.equal(page.element.textContent, 'second')
    assert.deepEqual([first.lc, second.lc], [0, 1])

    await act(() => second.set('changed'))
    assert.equal(page.element.textContent, 'changed')
    await page.unmount()
    assert.equal(second.lc, 0)
  })

  test('draws again only for its keys, and shows the whole value when it does', async () => {
    const user = map({ name: 'Ada', age: 36, city: 'London' })
    let draws = 0
    const page = await mount(
      ({ keys }) => {
        draws++
        const { name, age, city } = useStore(user, { keys })
        return `${name} ${age} ${city}`
      },
      { keys: ['name'] }
    )

    await act(() => user.setKey('age', 37))
    assert.equal(draws, 1)
    await act(() => user.setKey('name', 'Grace'))
    assert.equal(page.element.textContent, 'Grace 37 London')
    assert.equal(draws, 2)

    await page.draw({ keys: ['city'] })
    await act(() => user.setKey('name', 'Ada'))
    assert.equal(draws, 3)
    await act(() => user.setKey('city', 'Paris'))
    assert.equal(page.element.textContent, 'Ada 37 Paris')

    await page.draw({ keys: [] })
    await act(() => user.setKey('age', 38))
    assert.equal(page.element.textContent, 'Ada 38 Paris')

    const before = draws
    await page.draw({ keys: 'city' })
    await act(() => user.setKey('age', 39))
    assert.equal(draws, before + 1)
    await act(() => user.setKey('city', 'Rome'))
    assert.equal(page.element.textContent, 'Ada 39 Rome')
    await page.unmount()
    assert.equal(user.lc, 0)
  })

  test('listens anew only when the store, the keys or the given deps change', async () => {
    const user = map({ name: 'Ada', age: 36 })
    let listens = 0
    const { listen } = user
    user.listen = listener => {
      listens++
      return listen(listener)
    }
    const page = await mount(({ keys, deps }) => useStore(user, { keys, deps }).name, {
      keys: ['name', 'age']
    })
    const before = listens
    await page.draw({ keys: ['name', 'age'] })
    assert.equal(listens, before)
    await page.draw({ keys: ['name'] })
    assert.equal(listens, before + 1)
    await page.unmount()

    const fixed = await mount(({ keys, deps }) => useStore(user, { keys, deps }).name, {
      keys: ['name'],
      deps: [1]
    })
    const after = listens
    await fixed.draw({ keys: ['age'], deps: [1] })
    assert.equal(listens, after)
    await fixed.draw({ keys: ['age'], deps: [2] })
    assert.equal(listens, after + 1)
    await fixed.unmount()
  })

  test('a change inside a transition reaches all readers at once', async () => {
    const count = atom(0)
    const reader = () => useStore(count)
    const page = await mount(() => [h(reader, { key: 1 }), '/', h(reader, { key: 2 })])
    await act(() => startTransition(() => count.set(1)))
    assert.equal(page.element.textContent, '1/1')
    await page.unmount()
  })

  test('never shows two values of one store, even when it changes during a sliced render', async () => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = false
    const count = atom(0)
    const seen = new Set()
    let draws = 0
    const slow = () => {
      const value = useStore(count)
      const end = performance.now() + 20
      while (performance.now() < end);
      draws++
      return `${value} `
    }
    let show
    const app = () => {
      const [isShown, setShown] = useState(false)
      show = setShown
      return isShown && Array.from({ length: 5 }, (_, i) => h(slow, { key: i }))
    }
    const element = addElement()
    const root = createRoot(element)
    root.render(h(app))
    await until(() => assert.ok(show))

    const observer = new MutationObserver(() => seen.add(element.textContent))
    observer.observe(element, { childList: true, subtree: true, characterData: true })
    startTransition(() => show(true))
    await until(() => assert.ok(draws > 0 && draws < 5))
    assert.equal(element.textContent, '')
    count.set(1)
    await until(() => assert.equal(element.textContent, '1 '.repeat(5)))
    observer.disconnect()
    seen.delete('')
    assert.deepEqual([...seen], ['1 '.repeat(5)])

    root.unmount()
    await until(() => assert.equal(count.lc, 0))
  })

  test('a drawing that is never finished leaves no listener', async () => {
    const count = atom(1)
    const never = new Promise(() => {})
    const page = await mount(
      () => {
        useStore(count)
        use(never)
      },
      {},
      Suspense
    )
    assert.equal(count.lc, 0)
    await page.unmount()
  })

  test('throws for what is not a store', () => {
    assert.throws(() => renderToString(h(() => useStore(undefined))), TypeError)
    takeComplaints()
  })
})

describe('lagoon/react on a server', () => {
  test('draws the value and leaves no listener', () => {
    const count = atom(1)
    count.set(2)
    assert.equal(renderToString(h(() => useStore(count))), '2')
    assert.equal(count.lc, 0)
  })

  for (const [name, ssr] of [
    ['the initial value', 'initial'],
    ['the value of a function', () => 'server']
  ]) {
    test(`ssr: hydrates ${name} without a mismatch, then draws the current one`, async () => {
      const state = atom('server')
      const draws = []
      const app = () => {
        const value = useStore(state, { ssr })
        draws.push(value)
        return h('p', null, value)
      }
      state.set('client')
      const html = renderToString(h(app))
      assert.equal(html, '<p>server</p>')

      const element = addElement(html)
      const paragraph = element.firstChild
      draws.length = 0
      let root
      await act(() => {
        root = hydrateRoot(element, h(app))
      })
      assert.equal(element.innerHTML, '<p>client</p>')
      assert.equal(element.firstChild, paragraph)
      assert.deepEqual(draws, ['server', 'client'])
      await act(() => root.unmount())
      assert.equal(state.lc, 0)
    })
  }

  test('ssr: reads a store that keeps no initial value', () => {
    const clock = { get: () => 'noon', listen: () => () => {} }
    assert.equal(renderToString(h(() => useStore(clock, { ssr: 'initial' }))), 'noon')
    assert.equal(renderToString(h(() => useStore(clock, { ssr: false }))), 'noon')
    assert.equal(renderToString(h(() => useStore(clock, { ssr: () => 'night' }))), 'night')
  })

  describe('useLoadingStore', () => {
    const suspending = ({ children }) => h(Suspense, { fallback: 'loading' }, children)

    test('suspends until the store is loaded, and leaves no listener', async () => {
      const stock = map({ isLoading: true })
      const page = await mount(() => useLoadingStore(stock).count, {}, suspending)
      assert.equal(page.element.textContent, 'loading')

      await act(async () => stock.set({ isLoading: false, count: 3 }))
      assert.equal(page.element.textContent, '3')
      await act(() => stock.setKey('count', 2))
      assert.equal(page.element.textContent, '2')

      await page.unmount()
      assert.equal(stock.lc, 0)
    })

    test('gives what a store of three states has loaded', async () => {
      const user = atom({ state: 'loading' })
      const page = await mount(() => useLoadingStore(user).name, {}, suspending)
      assert.equal(page.element.textContent, 'loading')
      await act(async () => user.set({ state: 'ready', value: { name: 'Ada' }, changing: false }))
      assert.equal(page.element.textContent, 'Ada')
      await page.unmount()
    })

    test('does not wait for a store that is loaded by being mounted', async () => {
      const stock = map({ isLoading: true })
      onMount(stock, () => stock.set({ isLoading: false, count: 1 }))
      const page = await mount(() => useLoadingStore(stock).count, {}, suspending)
      await act(async () => {})
      assert.equal(page.element.textContent, '1')
      await page.unmount()
      assert.equal(stock.lc, 0)
    })

    test('throws the error of a store that failed', () => {
      const failing = atom({ isLoading: false, error: new Error('offline') })
      assert.throws(() => renderToString(h(() => useLoadingStore(failing).count)), /offline/)
    })
  })
})
