// Node resolves Lit to its server build, so the browser's is imported with a resolve hook, and the
// server's runs in a process of its own.

import '../tests/dom.js'

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import * as theirs from '@nanostores/lit'
import { resolveAsBrowser } from '../tests/frameworks.js'
import { atom, batch, computed, map, onMount } from './index.js'

resolveAsBrowser()
const { html, LitElement } = await import('lit')
const ours = await import('./lit.js?browser')
const { MultiStoreController, StoreController, useStores, withStores } = ours

let elements = 0

/** Puts an element of a new class on the page; `draws` counts how often it was drawn. */
async function mount(makeClass, properties = {}) {
  class Element extends makeClass(LitElement) {
    draws = 0

    update(changed) {
      this.draws++
      super.update(changed)
    }
  }
  customElements.define(`test-element-${++elements}`, Element)
  const element = Object.assign(new Element(), properties)
  document.body.append(element)
  await element.updateComplete
  return element
}

const textOf = element => element.shadowRoot.textContent

/** A class whose elements show the value of one store. */
const labelOf =
  (store, options, Controller = StoreController) =>
  Base =>
    class extends Base {
      controller = new Controller(this, store, options)

      render() {
        return html`<p>${this.controller.value}</p>`
      }
    }

test('has what @nanostores/lit has', () => {
  const names = Object.keys(theirs.default)
  assert.deepEqual(Object.keys(ours).toSorted(), names.toSorted())
})

for (const [name, binding] of Object.entries({ 'lagoon/lit': ours, '@nanostores/lit': theirs })) {
  describe(name, () => {
    /** The four ways to use stores in a class, each showing two of them. */
    const WAYS = {
      StoreController: (a, b) => Base =>
        class extends Base {
          a = new binding.StoreController(this, a)
          b = new binding.StoreController(this, b)

          render() {
            return html`${this.a.value} ${this.b.value}`
          }
        },
      MultiStoreController: (a, b) => Base =>
        class extends Base {
          both = new binding.MultiStoreController(this, [a, b])

          render() {
            return html`${this.both.values[0]} ${this.both.values[1]}`
          }
        },
      withStores: (a, b) => Base =>
        class extends binding.withStores(Base, [a, b]) {
          render() {
            return html`${a.get()} ${b.get()}`
          }
        },
      useStores: (a, b) => Base =>
        binding.useStores(
          a,
          b
        )(
          class extends Base {
            render() {
              return html`${a.get()} ${b.get()}`
            }
          }
        )
    }

    for (const [way, makeClass] of Object.entries(WAYS)) {
      test(`${way}: draws the values and every change of them, and leaves no listener`, async () => {
        const count = atom(1)
        const name = atom('Ada')
        const element = await mount(makeClass(count, name))
        assert.equal(textOf(element), '1 Ada')
        assert.deepEqual([count.lc, name.lc], [1, 1])
        assert.equal(element.draws, 1)

        count.set(2)
        await element.updateComplete
        assert.equal(textOf(element), '2 Ada')
        name.set('Grace')
        await element.updateComplete
        assert.equal(textOf(element), '2 Grace')

        element.remove()
        assert.deepEqual([count.lc, name.lc], [0, 0])
      })

      test(`${way}: draws once for a batch, and for several writes in one task`, async () => {
        const count = atom(1)
        const name = atom('Ada')
        const element = await mount(makeClass(count, name))
        batch(() => {
          count.set(2)
          name.set('Grace')
        })
        await element.updateComplete
        assert.equal(element.draws, 2)

        count.set(3)
        count.set(4)
        name.set('Mary')
        await element.updateComplete
        assert.equal(textOf(element), '4 Mary')
        assert.equal(element.draws, 3)
        element.remove()
      })
    }

    const label = store => labelOf(store, undefined, binding.StoreController)

    test('draws what changed while the element was not on the page', async () => {
      const count = atom(1)
      const element = await mount(label(count))
      element.remove()
      count.set(2)
      await element.updateComplete
      assert.equal(textOf(element), '1')
      assert.equal(element.controller.value, 2)

      document.body.append(element)
      assert.equal(count.lc, 1)
      await element.updateComplete
      assert.equal(textOf(element), '2')
      element.remove()
      assert.equal(count.lc, 0)
    })

    test('two elements share a store, and one may go', async () => {
      const count = atom(1)
      const first = await mount(label(count))
      const second = await mount(label(count))
      count.set(2)
      await Promise.all([first.updateComplete, second.updateComplete])
      assert.deepEqual([textOf(first), textOf(second)], ['2', '2'])

      first.remove()
      assert.equal(count.lc, 1)
      count.set(3)
      await second.updateComplete
      assert.deepEqual([textOf(first), textOf(second)], ['2', '3'])
      second.remove()
      assert.equal(count.lc, 0)
    })

    test('draws a computed store, and what onMount of its source sets', async () => {
      const count = atom(1)
      onMount(count, () => count.set(2))
      const double = computed(count, value => value * 2)
      const element = await mount(label(double))
      assert.equal(textOf(element), '4')
      count.set(4)
      await element.updateComplete
      assert.equal(textOf(element), '8')
      element.remove()
      assert.equal(double.lc, 0)
    })

    test('a controller can be taken off', async () => {
      const count = atom(1)
      const element = await mount(label(count))
      element.removeController(element.controller)
      element.controller.hostDisconnected()
      assert.equal(count.lc, 0)
      element.remove()
    })
  })
}

describe('lagoon/lit, beyond', () => {
  test('draws again only for the given keys of a map', async () => {
    const user = map({ name: 'Ada', age: 36, city: 'London' })
    const makeClass = keys => Base =>
      class extends Base {
        user = new StoreController(this, user, { keys })

        render() {
          const { name, age } = this.user.value
          return `${name} ${age}`
        }
      }
    for (const keys of ['name', ['name', 'city']]) {
      user.set({ name: 'Ada', age: 36, city: 'London' })
      const element = await mount(makeClass(keys))
      user.setKey('age', 37)
      await element.updateComplete
      assert.equal(element.draws, 1)
      user.setKey('name', 'Grace')
      await element.updateComplete
      assert.equal(textOf(element), 'Grace 37')
      assert.equal(element.draws, 2)
      element.remove()
      assert.equal(user.lc, 0)
    }
  })

  test('follows the store that a property holds, also when it holds none yet', async () => {
    const first = atom('first')
    const second = atom('second')
    const makeClass = Base =>
      class extends Base {
        static properties = { store: { attribute: false } }

        label = new StoreController(this, () => this.store)

        render() {
          return html`${this.label.value ?? 'nothing'}`
        }
      }
    const element = await mount(makeClass)
    assert.equal(textOf(element), 'nothing')

    element.store = first
    await element.updateComplete
    assert.equal(textOf(element), 'first')
    assert.equal(first.lc, 1)

    element.store = second
    await element.updateComplete
    assert.equal(textOf(element), 'second')
    assert.deepEqual([first.lc, second.lc], [0, 1])

    second.set('changed')
    await element.updateComplete
    assert.equal(textOf(element), 'changed')
    assert.equal(element.draws, 4)

    element.store = undefined
    await element.updateComplete
    assert.equal(textOf(element), 'nothing')
    assert.equal(second.lc, 0)
    element.remove()
  })

  test('a store that stays is listened to on, when the one beside it goes', async () => {
    const kept = atom(1)
    const other = atom(1)
    let mounts = 0
    onMount(kept, () => void mounts++)
    const { listen } = kept
    let least = Infinity
    let listens = 0
    kept.listen = listener => {
      listens++
      const unbind = listen(listener)
      return () => {
        unbind()
        least = Math.min(least, kept.lc)
      }
    }
    const element = await mount(
      Base =>
        class extends Base {
          static properties = { store: { attribute: false } }

          both = new MultiStoreController(this, [kept, () => this.store])
        },
      { store: other }
    )
    kept.set(2)
    kept.set(1)
    await element.updateComplete
    assert.deepEqual([element.draws, listens], [2, 1])

    element.store = atom(2)
    await element.updateComplete
    assert.deepEqual([kept.lc, least, mounts], [1, 1, 1])
    assert.deepEqual(element.both.values, [1, 2])
    element.remove()
    assert.equal(kept.lc, 0)
  })

  test('an element that is gone before it was drawn leaves no listener', async () => {
    const count = atom(1)
    const element = await mount(labelOf(() => count))
    element.remove()
    element.requestUpdate()
    document.body.append(element)
    element.remove()
    await element.updateComplete
    assert.equal(count.lc, 0)
  })

  test('a store that can not be listened to leaves no listener on the one before it', async () => {
    const count = atom(1)
    const broken = { get() {}, listen: () => assert.fail('offline') }
    const errors = []
    const onError = event => errors.push(event.preventDefault() ?? event.error.message)
    window.addEventListener('error', onError)
    const makeClass = Base =>
      class extends Base {
        both = new MultiStoreController(this, [count, broken])
      }
    await assert.rejects(mount(makeClass), /offline/)
    window.removeEventListener('error', onError)
    assert.deepEqual(errors, ['offline'])
    assert.equal(count.lc, 1)

    document.body.firstElementChild.remove()
    assert.equal(count.lc, 0)
  })

  test('useStores and withStores take one store or a list', async () => {
    const count = atom(1)
    const name = atom('Ada')
    const first = await mount(Base => useStores([count, name])(Base))
    const second = await mount(Base => withStores(Base, count))
    assert.deepEqual([count.lc, name.lc], [2, 1])
    first.remove()
    second.remove()
    assert.deepEqual([count.lc, name.lc], [0, 0])
  })

  test('throws for what is not a store, and takes the host for nothing then', () => {
    let added = 0
    const host = { addController: () => added++, requestUpdate() {} }
    const message = kind => ({
      name: 'TypeError',
      message: `Lagoon: this is ${kind}, not a store. Give Lit an atom, a map or a computed`
    })
    assert.throws(() => new StoreController(host, undefined), message('undefined'))
    assert.throws(() => new StoreController(host, null), message('null'))
    assert.throws(() => new MultiStoreController(host, [atom(1), 1]), message('number'))
    assert.throws(() => withStores(LitElement, [{}]), message('object'))
    assert.throws(() => useStores('count')(LitElement), message('string'))
    assert.equal(added, 0)
  })

  test('a decorator as TypeScript and Babel call it: the class keeps its statics', async () => {
    const count = atom(1)
    class Label extends LitElement {
      static tag = 'test-decorated'
    }
    const Decorated = useStores(count)(Label, { kind: 'class', name: 'Label' })
    assert.equal(Decorated.tag, 'test-decorated')
    assert.ok(Decorated.prototype instanceof Label)
  })
})

describe('lagoon/lit on a server', () => {
  const serve = code =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { html, isServer, LitElement } from 'lit'
        import { StoreController, withStores } from 'lagoon/lit'
        import { atom } from 'lagoon'
        ${code}`
      ],
      { cwd: import.meta.dirname, encoding: 'utf8', timeout: 30_000 }
    ).trim()

  test('draws the value and leaves no listener', () => {
    const printed = serve(`
      const state = atom('server')
      class Label extends withStores(LitElement, [state]) {
        now = new StoreController(this, state)
        first = new StoreController(this, state, { ssr: 'initial' })
        given = new StoreController(this, state, { ssr: () => 'given' })
        render() {
          return [this.now.value, this.first.value, this.given.value].join()
        }
      }
      customElements.define('test-label', Label)
      const element = new Label()
      state.set('request')
      element.connectedCallback()
      console.log(isServer, element.render(), state.lc)
      process.exit()
    `)
    assert.equal(printed, 'true request,server,given 0')
  })

  for (const [name, ssr] of [
    ['the initial value', 'initial'],
    ['the value of a function', () => 'server']
  ]) {
    test(`ssr: draws ${name} first, and then the current one`, async () => {
      const state = atom('server')
      state.set('client')
      const draws = []
      const element = await mount(
        Base =>
          class extends Base {
            state = new StoreController(this, state, { ssr })

            render() {
              draws.push(this.state.value)
              return this.state.value
            }
          }
      )
      await element.updateComplete
      assert.deepEqual(draws, ['server', 'client'])
      assert.equal(textOf(element), 'client')
      element.remove()
    })
  }

  test('ssr: draws once if the value is the same', async () => {
    const state = atom('server')
    const element = await mount(labelOf(state, { ssr: 'initial' }))
    await new Promise(resolve => setTimeout(resolve))
    assert.equal(element.draws, 1)
    element.remove()
  })
})
