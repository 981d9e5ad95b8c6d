import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { addElement } from '../tests/dom.js'
import { bindAttribute, bindClass, bindText, bindValue, dispatchOn, fromEvent } from './dom.js'
import {
  atom,
  batch,
  cleanStores,
  computed,
  effect,
  map,
  onSet,
  STORE_UNMOUNT_DELAY
} from './index.js'

// Node has one of its own, which no element takes
globalThis.CustomEvent = window.CustomEvent

const unmounted = () => new Promise(resolve => setTimeout(resolve, 2 * STORE_UNMOUNT_DELAY + 50))

const send = (target, type, detail) => target.dispatchEvent(new CustomEvent(type, { detail }))

/** How many listeners of a page a target has, from here on. */
const countListeners = target => {
  let count = 0
  for (const [method, step] of [
    ['addEventListener', 1],
    ['removeEventListener', -1]
  ]) {
    const original = target[method]
    target[method] = (...args) => {
      count += step
      original.apply(target, args)
    }
  }
  return () => count
}

describe('fromEvent', () => {
  test('has the value of the last event', () => {
    const target = addElement()
    const clicks = fromEvent(target, 'click', { initial: 0, map: event => event.clientX })
    const values = []
    const unbind = clicks.subscribe(value => values.push(value))
    for (const clientX of [5, 5, 7])
      target.dispatchEvent(new window.MouseEvent('click', { clientX }))
    assert.deepEqual(values, [0, 5, 7])
    assert.equal(clicks.set, undefined)
    unbind()
  })

  test('is the event itself, without a function', () => {
    const target = addElement()
    const store = fromEvent(target, 'wish')
    const values = []
    store.subscribe(event => values.push(event?.detail))
    send(target, 'wish', 'a')
    send(target, 'wish', 'a')
    assert.deepEqual(values, [undefined, 'a', 'a'])
  })

  test('listens only while it is mounted', async () => {
    const target = addElement()
    const listeners = countListeners(target)
    const store = fromEvent(target, 'wish', { initial: 0, map: ({ detail }) => detail })
    const double = computed(() => store.get() * 2)
    assert.equal(listeners(), 0)
    const unbinds = [store.listen(() => {}), double.listen(() => {})]
    assert.equal(listeners(), 1)
    send(target, 'wish', 2)
    assert.equal(double.get(), 4)
    for (const unbind of unbinds) unbind()
    await unmounted()
    assert.equal(listeners(), 0)
    send(target, 'wish', 3)
    assert.equal(store.value, 2)
  })
})

describe('dispatchOn', () => {
  test('sends an event for each change, until it ends', () => {
    const target = addElement()
    const count = atom(1)
    const details = []
    target.addEventListener('count', event => details.push(event.detail))
    const stop = dispatchOn(count, target, 'count')
    assert.equal(count.lc, 1)
    count.set(2)
    count.set(2)
    batch(() => {
      count.set(3)
      count.set(4)
    })
    stop()
    stop()
    count.set(5)
    assert.deepEqual(details, [2, 4])
    assert.equal(count.lc, 0)
  })

  test('and fromEvent, on the same target and type, come to rest', () => {
    const target = addElement()
    const details = []
    target.addEventListener('cart', ({ detail }) => details.push(detail.count))
    const heard = fromEvent(target, 'cart', { map: ({ detail }) => ({ count: detail.count }) })
    const cart = atom({ count: 0 })
    const stops = [
      effect(heard, value => value && cart.set(value)),
      dispatchOn(cart, target, 'cart'),
      dispatchOn(heard, target, 'cart')
    ]
    send(target, 'cart', { count: 1 })
    assert.deepEqual(cart.get(), { count: 1 })
    cart.set({ count: 2 })
    assert.deepEqual(heard.get(), { count: 1 }, 'what we sent is not heard')
    assert.deepEqual(details, [1, 1, 1, 2])
    for (const stop of stops) stop()
  })
})

describe('bindings of elements', () => {
  test('bindText shows the value in one element, in several, and in those of a selector', () => {
    const root = addElement('<p></p><p></p><b></b><i></i>')
    const [first, second] = root.querySelectorAll('p')
    const count = atom(1)
    const unbinds = [
      bindText('p', count, value => `${value} items`),
      bindText(root.querySelector('b'), count),
      bindText(new Set([root.querySelector('i')]), count)
    ]
    assert.equal(root.textContent, '1 items1 items11')
    count.set(2)
    assert.equal(root.textContent, '2 items2 items22')
    assert.equal(count.lc, 3)
    for (const unbind of unbinds) unbind()
    for (const unbind of unbinds) unbind()
    count.set(3)
    assert.deepEqual([first.textContent, second.textContent, count.lc], ['2 items', '2 items', 0])
  })

  test('bindText takes a key, and shows nothing for nothing', () => {
    const root = addElement('<p></p>')
    const user = map({ name: 'Ada' })
    bindText('p', user, 'name')
    assert.equal(root.textContent, 'Ada')
    user.setKey('name', undefined)
    assert.equal(root.textContent, '')
    user.setKey('name', '<b>')
    assert.equal(root.innerHTML, '<p>&lt;b&gt;</p>')
    const zero = atom(0)
    bindText('p', zero)
    assert.equal(root.textContent, '0')
    zero.set(null)
    assert.equal(root.textContent, '')
  })

  test('bindAttribute writes and removes an attribute', () => {
    const root = addElement('<a></a>')
    const value = atom('/')
    bindAttribute('a', 'href', value)
    const seen = ['/a', true, '', 0, false, 'x', null, 'y', undefined].map(next => {
      value.set(next)
      return root.innerHTML
    })
    assert.deepEqual(seen, [
      '<a href="/a"></a>',
      '<a href=""></a>',
      '<a href=""></a>',
      '<a href="0"></a>',
      '<a></a>',
      '<a href="x"></a>',
      '<a></a>',
      '<a href="y"></a>',
      '<a></a>'
    ])
    const isOpen = atom(false)
    bindAttribute('a', 'aria-expanded', isOpen, String)
    assert.equal(root.innerHTML, '<a aria-expanded="false"></a>')
  })

  test('bindClass gives and takes a class, and leaves the others', () => {
    const root = addElement('<p class="a"></p>')
    const count = atom(0)
    const unbind = bindClass('p', 'full', count)
    assert.equal(root.firstChild.className, 'a')
    count.set(1)
    assert.equal(root.firstChild.className, 'a full')
    count.set(0)
    assert.equal(root.firstChild.className, 'a')
    unbind()
    assert.equal(count.lc, 0)
  })

  test('an element that is not there is an error, and so is what is no store', () => {
    const count = atom(1)
    assert.throws(
      () => bindText('#missing', count),
      /^Error: Lagoon: found no element #missing to bind/
    )
    assert.throws(() => bindText([], count), /^Error: Lagoon: found no element/)
    for (const run of [bindText, bindValue]) {
      assert.throws(() => run('body', undefined), /a binding needs a store, not undefined/)
    }
    assert.throws(
      () => dispatchOn('count', document, 'count'),
      /^TypeError: Lagoon: dispatchOn\(\) needs a store, not 'count'$/
    )
    assert.equal(count.lc, 0)
  })

  test('a function that throws leaves nothing bound', () => {
    const count = atom(1)
    const fail = () => {
      throw new Error('no text')
    }
    assert.throws(() => bindText('body', count, fail), /^Error: no text$/)
    assert.equal(count.lc, 0)
  })

  test('elements that are gone are not kept in memory, nor their binding', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc')
    const count = atom(1)
    const name = atom('Ada')
    const makeElements = () => {
      const elements = ['p', 'p', 'input'].map(tag => document.createElement(tag))
      const unbinds = [bindText(elements.slice(0, 2), count), bindValue(elements[2], name)]
      elements[0].remove()
      count.set(2)
      assert.equal(elements[0].textContent, '2', 'it may come back to the page')
      return { refs: elements.map(element => new WeakRef(element)), unbinds }
    }
    const { refs, unbinds } = makeElements()
    assert.deepEqual([count.lc, name.lc], [1, 1])
    for (let round = 0; round < 50 && refs.some(ref => ref.deref()); round++) {
      await new Promise(resolve => setTimeout(resolve, 5))
      collect()
    }
    assert.deepEqual(
      refs.map(ref => ref.deref()),
      [undefined, undefined, undefined]
    )
    count.set(3)
    name.set('Grace')
    assert.deepEqual([count.lc, name.lc], [0, 0])
    for (const unbind of unbinds) unbind()
  })
})

describe('bindValue', () => {
  const control = html => addElement(html).firstElementChild

  const type = (element, value) => {
    element.value = value
    element.dispatchEvent(new window.Event('input', { bubbles: true }))
  }

  test('keeps a text and a store the same, in both directions', () => {
    for (const html of ['<input>', '<textarea></textarea>', '<input type="search">']) {
      const element = control(html)
      const name = atom('Ada')
      const calls = []
      name.listen(value => calls.push(value))
      const unbind = bindValue(element, name)
      assert.equal(element.value, 'Ada')
      type(element, 'Grace')
      name.set('Alan')
      assert.equal(element.value, 'Alan')
      name.set(undefined)
      assert.equal(element.value, '')
      assert.deepEqual(calls, ['Grace', 'Alan', undefined])
      unbind()
      type(element, 'nobody')
      name.set('Kurt')
      assert.equal(element.value, 'nobody')
    }
  })

  test('a key of a map', () => {
    const element = control('<input>')
    const address = map({ city: 'Luna', street: 'Crater Road' })
    const keys = []
    address.listen((_value, _oldValue, key) => keys.push(key))
    bindValue(element, address, 'city')
    type(element, 'Tycho')
    assert.deepEqual(address.get(), { city: 'Tycho', street: 'Crater Road' })
    address.setKey('street', 'Rille')
    assert.deepEqual(keys, ['city', 'street'])
    assert.equal(element.value, 'Tycho')
  })

  test('a checkbox has a boolean', () => {
    const element = control('<input type="checkbox">')
    const isGift = atom(true)
    bindValue(element, isGift)
    assert.equal(element.checked, true)
    element.click()
    assert.equal(isGift.get(), false)
    isGift.set(true)
    assert.equal(element.checked, true)
  })

  test('radio buttons have the value of the chosen one', () => {
    addElement(
      '<input type="radio" name="size" value="1"><input type="radio" name="size" value="2">'
    )
    const radios = document.querySelectorAll('[name=size]')
    const size = atom(2)
    bindValue('[name=size]', size)
    assert.deepEqual(
      Array.from(radios, ({ checked }) => checked),
      [false, true]
    )
    radios[0].click()
    assert.equal(size.get(), '1')
    size.set('2')
    assert.equal(radios[1].checked, true)
  })

  test('an input of numbers has a number, or null, and what is typed is left alone', () => {
    const element = control('<input type="number">')
    const count = atom(5)
    bindValue(element, count)
    assert.equal(element.value, '5')
    type(element, '1.50')
    assert.equal(count.get(), 1.5)
    assert.equal(element.value, '1.50')
    type(element, '')
    assert.equal(count.get(), null)
    count.set(7)
    assert.equal(element.value, '7')
  })

  test('a select has one value, or with multiple a list', () => {
    const options = '<option>a</option><option>b</option><option>c</option>'
    const one = control(`<select>${options}</select>`)
    const choice = atom('b')
    bindValue(one, choice)
    assert.equal(one.value, 'b')
    type(one, 'c')
    assert.equal(choice.get(), 'c')

    const many = control(`<select multiple>${options}</select>`)
    const choices = atom(['a', 'c'])
    bindValue(many, choices)
    const chosen = () => Array.from(many.selectedOptions, ({ value }) => value)
    assert.deepEqual(chosen(), ['a', 'c'])
    many.options[1].selected = true
    many.dispatchEvent(new window.Event('input'))
    assert.deepEqual(choices.get(), ['a', 'b', 'c'])
    choices.set([])
    assert.deepEqual(chosen(), [])
  })

  test('shows what the store made of an input, and several controls agree', () => {
    addElement('<input class="n"><input class="n">')
    const [first, second] = document.querySelectorAll('.n')
    const name = atom('Ada')
    onSet(name, ({ newValue, abort }) => {
      if (newValue.includes('!')) abort()
    })
    bindValue('.n', name)
    type(first, 'Grace')
    assert.equal(second.value, 'Grace')
    type(second, 'Grace!')
    assert.deepEqual([first.value, second.value], ['Grace', 'Grace'])
    cleanStores(name)
  })
})
