import '../tests/dom.js'

import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, describe, test } from 'node:test'
import * as theirs from '@nanostores/alpine'
import { withStores as theirWithStores } from '@nanostores/alpine/with-stores'
import { Alpine } from 'alpinejs'
import { addElement, until } from '../tests/dom.js'
import * as ours from './alpine.js'
import { atom, batch, computed, map, onMount } from './index.js'

// Node has events of its own, which elements do not take.
Object.assign(globalThis, { CustomEvent: window.CustomEvent, Event: window.Event })

const errors = []
Alpine.setErrorHandler(error => errors.push(error.message))
Alpine.start()

let stores

/** Puts markup on the page, in which the stores stand under their names, and draws it. */
async function mount(html, given) {
  stores = given
  Object.assign(globalThis, stores)
  const element = addElement(`<main x-data>${html}</main>`)
  await Alpine.nextTick()
  return element.firstChild
}

const listeners = () => Object.values(stores).map(store => store.lc)

beforeEach(() => {
  stores = {}
})

afterEach(async () => {
  document.body.innerHTML = ''
  await Alpine.nextTick()
  assert.deepEqual(errors.splice(0), [])
  assert.ok(listeners().every(count => !count))
  for (const name of Object.keys(stores)) delete globalThis[name]
})

test('has what @nanostores/alpine has', () => {
  const names = [...Object.keys(theirs), 'withStores']
  assert.deepEqual(Object.keys(ours).toSorted(), names.toSorted())
})

for (const [name, { NanoStores, withStores }] of Object.entries({
  'lagoon/alpine': ours,
  '@nanostores/alpine': { ...theirs, withStores: theirWithStores }
})) {
  describe(name, () => {
    before(() => Alpine.plugin(NanoStores))

    const WAYS = {
      'x-nano': '<p x-nano:count="$count"><b x-text="count"></b></p>',
      'x-nano-model': '<p x-nano-model:count="$count"><b x-text="count"></b></p>',
      $nano: '<p><b x-text="$nano($count)"></b></p>',
      withStores: '<p x-data="counter"><b x-text="count"></b></p>'
    }

    for (const [way, html] of Object.entries(WAYS)) {
      test(`${way}: draws the value and every change of it, and leaves no listener`, async () => {
        const $count = atom(1)
        Alpine.data(
          'counter',
          withStores({ count: $count }, () => ({}))
        )
        const page = await mount(html, { $count })
        assert.equal(page.textContent, '1')
        assert.equal($count.lc, 1)

        $count.set(2)
        await Alpine.nextTick()
        assert.equal(page.textContent, '2')

        page.firstChild.remove()
        await Alpine.nextTick()
        assert.equal($count.lc, 0)
      })

      test(`${way}: two elements share a store, and one may go`, async () => {
        const $count = atom(1)
        Alpine.data(
          'counter',
          withStores({ count: $count }, () => ({}))
        )
        const page = await mount(html + html, { $count })
        assert.equal($count.lc, 2)
        page.firstChild.remove()
        await Alpine.nextTick()
        assert.equal($count.lc, 1)
        $count.set(2)
        await Alpine.nextTick()
        assert.equal(page.textContent, '2')
      })
    }

    test('draws once for a batch, and for several writes in one task', async () => {
      const $first = atom(1)
      const $second = atom(1)
      const sums = []
      const $draw = { lc: 0, draw: sum => sums.push(sum) && sum }
      const page = await mount(
        `<p x-nano:first="$first" x-nano:second="$second">
          <b x-text="$draw.draw(first + second)"></b>
        </p>`,
        { $first, $second, $draw }
      )
      batch(() => {
        $first.set(2)
        $second.set(3)
      })
      await Alpine.nextTick()
      $first.set(4)
      $second.set(5)
      await Alpine.nextTick()
      assert.equal(page.textContent.trim(), '9')
      assert.deepEqual(sums, [2, 5, 9])
    })

    test('draws a computed store, and what onMount of its source sets', async () => {
      const $count = atom(1)
      onMount($count, () => $count.set(2))
      const $double = computed($count, value => value * 2)
      const page = await mount('<p x-nano:double="$double"><b x-text="double"></b></p>', {
        $double
      })
      assert.equal(page.textContent, '4')
    })

    test('x-nano-model: what is typed goes to the store, and back', async () => {
      const $name = atom('Ada')
      const calls = []
      const unbind = $name.listen(value => calls.push(value))
      const page = await mount(
        '<p x-nano-model:name="$name"><input x-model="name"><b x-text="name"></b></p>',
        { $name }
      )
      const input = page.querySelector('input')
      assert.equal(input.value, 'Ada')

      input.value = 'Grace'
      input.dispatchEvent(new Event('input'))
      await Alpine.nextTick()
      assert.equal($name.get(), 'Grace')
      assert.equal(page.textContent, 'Grace')

      $name.set('Mary')
      await Alpine.nextTick()
      assert.equal(input.value, 'Mary')
      assert.deepEqual(calls, ['Grace', 'Mary'])
      unbind()
    })

    test('$nano: one listener for each store of an element, in handlers, too', async () => {
      const $count = atom(1)
      const page = await mount(
        `<p x-text="$nano($count) + $nano($count)" :title="$nano($count)"
          @click="$count.set($nano($count) + 1)"></p>`,
        { $count }
      )
      const paragraph = page.firstElementChild
      assert.equal($count.lc, 1)
      paragraph.click()
      await Alpine.nextTick()
      assert.deepEqual([paragraph.textContent, paragraph.title], ['4', '2'])
      assert.equal($count.lc, 1)
    })

    test('withStores: methods, init and destroy of the component', async () => {
      const $count = atom(1)
      const calls = []
      Alpine.data(
        'counter',
        withStores({ count: $count }, ({ count }) => ({
          first: count,
          init() {
            calls.push(`init ${this.count}`)
          },
          destroy() {
            calls.push(`destroy ${this.count} ${$count.lc}`)
          },
          add() {
            $count.set(this.count + 1)
          }
        }))
      )
      const page = await mount(
        '<p x-data="counter" @click="add"><b x-text="first"></b>/<b x-text="count"></b></p>',
        { $count }
      )
      page.firstElementChild.click()
      await Alpine.nextTick()
      assert.equal(page.textContent, '1/2')
      page.firstElementChild.remove()
      await Alpine.nextTick()
      assert.deepEqual(calls, ['init 1', 'destroy 2 0'])
    })
  })
}

describe('lagoon/alpine, beyond', () => {
  before(() => Alpine.plugin(ours.NanoStores))

  test('x-nano: gives the value to the other directives of its element', async () => {
    const $count = atom(1)
    const page = await mount(
      '<p x-text="count" x-show="count > 1" :title="count" x-nano:count="$count"></p>',
      { $count }
    )
    const paragraph = page.firstElementChild
    assert.deepEqual([paragraph.textContent, paragraph.title], ['1', '1'])
    assert.equal(paragraph.style.display, 'none')
    $count.set(2)
    await Alpine.nextTick()
    assert.deepEqual([paragraph.textContent, paragraph.title], ['2', '2'])
    await until(() => assert.equal(paragraph.style.display, ''))
  })

  test('x-nano: follows another store when the expression gives one', async () => {
    const $first = atom('first')
    const $second = atom('second')
    const page = await mount(
      `<p x-data="{ isFirst: true }" @click="isFirst = !isFirst">
        <b x-nano:label="isFirst ? $first : $second" x-text="label"></b>
      </p>`,
      { $first, $second }
    )
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.equal(page.textContent.trim(), 'second')
    assert.deepEqual([$first.lc, $second.lc], [0, 1])
    $second.set('changed')
    await Alpine.nextTick()
    assert.equal(page.textContent.trim(), 'changed')
  })

  test('x-nano: listens on when the expression gives the same store', async () => {
    const $count = atom(1)
    let listens = 0
    const { listen } = $count
    $count.listen = listener => {
      listens++
      return listen(listener)
    }
    const page = await mount(
      `<p x-data="{ clicks: 0 }" @click="clicks++">
        <b x-nano:count="clicks < 2 && $count" x-text="count"></b>
      </p>`,
      { $count }
    )
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.equal(listens, 1)
  })

  test('an effect that writes a store does not depend on it', async () => {
    const $count = atom(1)
    const runs = []
    const $runs = { lc: 0, add: value => runs.push(value) && value }
    const page = await mount(
      `<p x-data="{ clicks: 5 }" x-nano:count="$count" @click="clicks++">
        <b x-text="$nano($count)" x-effect="$count.set($runs.add(clicks))"></b>
      </p>`,
      { $count, $runs }
    )
    $count.set(1)
    await Alpine.nextTick()
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.deepEqual(runs, [5, 6])
    assert.equal(page.textContent.trim(), '6')
  })

  test('$nano: an element that leaves the page and comes back is current', async () => {
    const $count = atom(1)
    const page = await mount('<p x-text="$nano($count)"></p>', { $count })
    const paragraph = page.firstElementChild
    paragraph.remove()
    await Alpine.nextTick()
    assert.equal($count.lc, 0)
    page.append(paragraph)
    await Alpine.nextTick()
    $count.set(2)
    await Alpine.nextTick()
    assert.equal(paragraph.textContent, '2')
    assert.equal($count.lc, 1)
  })

  test('x-nano: the variable may have the name of the one that holds the store', async () => {
    const $count = atom(1)
    const page = await mount(
      '<p x-data="{ count: $count }"><b x-nano:count="count" x-text="count"></b></p>',
      { $count }
    )
    assert.equal(page.textContent, '1')
  })

  test('x-nano: a name of several words', async () => {
    const $isCartOpen = atom(true)
    const page = await mount(
      '<p x-nano:is-cart-open.camel="$isCartOpen" x-text="isCartOpen"></p>',
      { $isCartOpen }
    )
    assert.equal(page.textContent, 'true')
  })

  test('x-nano: ends when the attribute goes', async () => {
    const $count = atom(1)
    const page = await mount('<p x-nano:count="$count"><b x-text="count"></b></p>', { $count })
    const paragraph = page.firstElementChild
    paragraph.removeAttribute('x-nano:count')
    await Alpine.nextTick()
    assert.equal($count.lc, 0)
    assert.equal('count' in Alpine.$data(paragraph), false)
  })

  test('x-nano: a promise that comes too late leaves no listener', async () => {
    const $count = atom(1)
    const $later = Promise.withResolvers()
    const page = await mount('<p x-nano:count="$later.promise" x-text="count"></p>', {
      $count,
      $later
    })
    page.firstElementChild.remove()
    await Alpine.nextTick()
    $later.resolve($count)
    await Alpine.nextTick()
    assert.equal($count.lc, 0)
  })

  test('x-nano: the page gets the very value of the store, and gives it on', async () => {
    const item = { id: 1 }
    const $items = atom([item])
    const page = await mount(
      `<p x-nano:items="$items" @click="$items.set(items.concat({ id: 2 }))">
        <template x-for="item in items"><b x-text="item.id"></b></template>
      </p>`,
      { $items }
    )
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.equal(page.textContent.trim(), '12')
    assert.equal($items.get()[0], item)
  })

  test('x-nano: draws again when a store says that its value has changed in place', async () => {
    const $list = atom([1])
    const page = await mount('<p x-nano:list="$list" x-text="list.length"></p>', { $list })
    $list.get().push(2)
    $list.notify()
    await Alpine.nextTick()
    assert.equal(page.textContent, '2')
  })

  test('x-nano: can not be written, and says so', async () => {
    const $count = atom(1)
    const page = await mount('<p x-nano:count="$count" @click="count = 2" x-text="count"></p>', {
      $count
    })
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.deepEqual(errors.splice(0), [
      "Lagoon: count can't be written here. Write to the store, or bind it with x-nano-model"
    ])
    assert.equal(page.textContent, '1')
    assert.equal($count.get(), 1)
  })

  test('x-nano-model: writes nothing until somebody does', async () => {
    const user = { name: 'Ada' }
    const $user = atom(user)
    const calls = []
    const unbind = $user.listen(value => calls.push(value))
    await mount('<p x-nano-model:user="$user"><b x-text="user.name"></b></p>', { $user })
    $user.set({ name: 'Grace' })
    await Alpine.nextTick()
    assert.deepEqual(calls, [{ name: 'Grace' }])
    unbind()
  })

  test('x-nano-model: writes keys of a map, which tells the store of each', async () => {
    const $user = map({ name: 'Ada', age: 36 })
    const before = $user.get()
    const calls = []
    const unbind = $user.listen((value, _, key) => calls.push([key, value[key]]))
    const page = await mount(
      '<p x-nano-model:user="$user"><input x-model="user.name"><b x-text="user.name"></b></p>',
      { $user }
    )
    const input = page.querySelector('input')
    input.value = 'Grace'
    input.dispatchEvent(new Event('input'))
    await Alpine.nextTick()
    assert.deepEqual(calls, [['name', 'Grace']])
    assert.equal(page.textContent, 'Grace')
    assert.deepEqual($user.get(), { name: 'Grace', age: 36 })
    assert.deepEqual(before, { name: 'Ada', age: 36 })
    unbind()
  })

  test('x-nano-model: the store gets a plain value', async () => {
    const $tags = atom([])
    const page = await mount(
      `<p x-data="{ own: ['a'] }" x-nano-model:tags="$tags" @click="tags = own"></p>`,
      { $tags }
    )
    page.firstElementChild.click()
    $tags.get().push('b')
    assert.deepEqual($tags.get(), ['a', 'b'])
    assert.equal(Alpine.raw($tags.get()), $tags.get())
  })

  test('leaves no listener when x-if and x-for take their elements away', async () => {
    const $count = atom(1)
    const page = await mount(
      `<p x-data="{ rows: [1, 2, 3], isShown: true }" @click="rows.pop(), (isShown = false)">
        <template x-for="row in rows"><b x-text="$nano($count) + row"></b></template>
        <template x-if="isShown"><i x-nano:count="$count" x-text="count"></i></template>
      </p>`,
      { $count }
    )
    assert.equal($count.lc, 4)
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.equal($count.lc, 2)
  })

  test('a store that a component holds in its data, where Alpine has a view of it', async () => {
    const store = atom({ id: 1 })
    store.get = function () {
      return this.value
    }
    const seen = []
    const $make = { lc: 0, store, see: value => seen.push(value) && value.id }
    const page = await mount(
      `<p x-data="{ own: $make.store }">
        <b x-nano:item="own" x-text="$make.see(item)"></b><i x-text="$make.see($nano(own))"></i>
      </p>`,
      { $make }
    )
    assert.equal(store.lc, 2)
    assert.ok(seen.every(value => value === store.value))
    store.set({ id: 2 })
    await Alpine.nextTick()
    assert.equal(page.textContent.trim(), '22')
    page.firstElementChild.remove()
    await Alpine.nextTick()
    assert.equal(store.lc, 0)
  })

  test('what is not a store is an error that names it, and the page goes on', async () => {
    const $count = atom(1)
    const page = await mount(
      `<p x-nano:name="$count.get()"></p><p x-nano-model:name="undefined"></p><p x-nano="$count"></p>
      <p x-text="$nano({})"></p><p x-nano:count="$count" x-text="count"></p>`,
      { $count }
    )
    const advice = taker => `Give ${taker} an atom, a map or a computed`
    assert.deepEqual(errors.splice(0), [
      `Lagoon: $count.get() is not a store. ${advice('x-nano:name')}`,
      `Lagoon: undefined is not a store. ${advice('x-nano-model:name')}`,
      'Lagoon: x-nano names no variable. Write x-nano:name',
      `Lagoon: the argument is not a store. ${advice('$nano')}`
    ])
    assert.equal(page.lastElementChild.textContent, '1')
  })

  test('withStores: getters of the component see the values', async () => {
    const $cart = atom(['lamp'])
    Alpine.data(
      'cart',
      ours.withStores({ cart: $cart }, () => ({
        get size() {
          return this.cart.length
        }
      }))
    )
    const page = await mount('<p x-data="cart" x-text="size"></p>', { $cart })
    assert.equal(page.textContent, '1')
    $cart.set(['lamp', 'poster'])
    await Alpine.nextTick()
    assert.equal(page.textContent, '2')
  })

  test('withStores: a component in another one has values of its own', async () => {
    const $outer = atom('outer')
    const $inner = atom('inner')
    Alpine.data(
      'outer',
      ours.withStores({ label: $outer }, () => ({}))
    )
    Alpine.data(
      'inner',
      ours.withStores({ label: $inner }, () => ({}))
    )
    const page = await mount(
      '<p x-data="outer"><b x-text="label"></b>, <i x-data="inner" x-text="label"></i></p>',
      { $outer, $inner }
    )
    assert.equal(page.textContent, 'outer, inner')
    $inner.set('changed')
    await Alpine.nextTick()
    assert.equal(page.textContent, 'outer, changed')
  })

  test('withStores: the component gets the arguments of x-data and its magics', async () => {
    const $count = atom(1)
    class Counter {
      add(step) {
        $count.set(this.count + step)
      }
    }
    Alpine.data(
      'counter',
      ours.withStores({ count: $count }, function (_, step) {
        return Object.assign(new Counter(), { step, tag: this.$el.tagName })
      })
    )
    const page = await mount(
      '<p x-data="counter(5)" @click="add(step)" x-text="`${tag} ${count}`"></p>',
      { $count }
    )
    page.firstElementChild.click()
    await Alpine.nextTick()
    assert.equal(page.textContent, 'P 6')
  })

  test('withStores: throws at once for what is not a store', () => {
    assert.throws(() => ours.withStores({ count: 1 }, () => ({})), {
      name: 'TypeError',
      message: 'Lagoon: count is not a store. Give withStores an atom, a map or a computed'
    })
  })
})
