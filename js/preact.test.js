// Runs with Preact 10; preact-11.test.js runs it again with Preact 11.

import '../tests/dom.js'
import 'preact/debug'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createElement as h, hydrate, render } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { act } from 'preact/test-utils'
import { renderToString } from 'preact-render-to-string'
import { addElement, until } from '../tests/dom.js'
import { atom, computed, map, onMount } from './index.js'
import { useStore } from './preact.js'

/** Draws a component; `draw` draws again, with other properties. */
async function mount(component, props) {
  const element = addElement()
  const draw = props => act(() => render(h(component, props), element))
  await draw(props)
  return { element, draw, unmount: () => act(() => render(null, element)) }
}

describe('lagoon/preact', () => {
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

  test('draws once for several changes in one tick, of several stores', async () => {
    const first = atom(0)
    const second = atom(0)
    let draws = 0
    const page = await mount(() => {
      draws++
      return `${useStore(first)} ${useStore(second)}`
    })
    await act(() => {
      first.set(1)
      first.set(2)
      second.set(3)
    })
    assert.equal(page.element.textContent, '2 3')
    assert.equal(draws, 2)
    await page.unmount()
  })

  test('draws without waiting for a timer, and without act()', async () => {
    const count = atom(0)
    const element = addElement()
    render(
      h(() => useStore(count)),
      element
    )
    await until(() => assert.equal(count.lc, 1))
    count.set(1)
    await new Promise(resolve => setTimeout(resolve))
    assert.equal(element.textContent, '1')

    render(null, element)
    count.set(2)
    await until(() => assert.equal(count.lc, 0))
    assert.equal(element.textContent, '')
  })

  test('draws a computed store, and mounts what it is computed from', async () => {
    const count = atom(1)
    const item = computed(count, value => ({ value }))
    const page = await mount(() => useStore(item).value)
    assert.equal(page.element.textContent, '1')
    await act(() => count.set(4))
    assert.equal(page.element.textContent, '4')
    await page.unmount()
    assert.equal(item.lc, 0)
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

  test('draws what another store got between the drawing and the effect', async () => {
    const first = atom('first')
    const second = atom('second')
    const page = await mount(
      ({ store }) => {
        useLayoutEffect(() => second.set(store === second ? 'changed' : 'second'), [store])
        return useStore(store)
      },
      { store: first }
    )
    await page.draw({ store: second })
    assert.equal(page.element.textContent, 'changed')
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
    await act(() => user.set({ name: 'Alan', age: 41, city: 'Wilmslow' }))
    assert.equal(page.element.textContent, 'Ada 37 Paris')
    await page.unmount()
    assert.equal(user.lc, 0)
  })

  test('draws NaN once', async () => {
    const number = atom(NaN)
    let draws = 0
    const page = await mount(() => {
      draws++
      return String(useStore(number))
    })
    assert.equal(page.element.textContent, 'NaN')
    assert.equal(draws, 1)
    await page.unmount()
  })

  test('throws for what is not a store', () => {
    assert.throws(() => renderToString(h(() => useStore(undefined))), TypeError)
  })
})

describe('lagoon/preact on a server', () => {
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
    test(`ssr: hydrates ${name}, then draws the current one`, async () => {
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
      await act(() => hydrate(h(app), element))
      assert.equal(element.innerHTML, '<p>client</p>')
      assert.equal(element.firstChild, paragraph)
      assert.deepEqual(draws, ['server', 'client'])
      await act(() => render(null, element))
      assert.equal(state.lc, 0)
    })
  }

  test('ssr: draws once when the server was right', async () => {
    const state = atom('server')
    let draws = 0
    const app = () => {
      draws++
      return useStore(state, { ssr: 'initial' })
    }
    const element = addElement('server')
    await act(() => hydrate(h(app), element))
    assert.equal(draws, 1)
    await act(() => state.set('client'))
    assert.equal(element.textContent, 'client')
    await act(() => render(null, element))
  })
})
