import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  createApp,
  createSSRApp,
  effectScope,
  getCurrentInstance,
  h,
  isReadonly,
  nextTick,
  vModelText,
  watchEffect,
  withDirectives
} from 'vue'
import { renderToString } from 'vue/server-renderer'
import { addElement, takeComplaints, withoutWindow } from '../tests/dom.js'
import { atom, computed, map } from './index.js'
import { mapStores, registerStore, useStore, useVModel } from './vue.js'

const component = setup => ({ setup })

/** Shows a component whose setup() returns its render function. */
function mount(setup) {
  const element = addElement()
  const app = createApp(component(setup))
  app.mount(element)
  return { element, unmount: () => app.unmount() }
}

/** Calls `setup` in an effect scope and returns what it returns, with `stop`. */
function scoped(setup) {
  const scope = effectScope()
  return { ...scope.run(setup), stop: () => scope.stop() }
}

async function inProduction(callback) {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    return await callback()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

describe('lagoon/vue useStore', () => {
  test('draws the value and every change of it, and leaves no listener', async () => {
    const count = atom(1)
    const page = mount(() => {
      const value = useStore(count)
      return () => h('p', value.value)
    })
    assert.equal(page.element.innerHTML, '<p>1</p>')
    assert.equal(count.lc, 1)

    count.set(2)
    await nextTick()
    assert.equal(page.element.innerHTML, '<p>2</p>')

    page.unmount()
    assert.equal(count.lc, 0)
  })

  test('reads a computed store, and mounts what it is computed from', () => {
    const count = atom(1)
    const double = computed(count, value => value * 2)
    const { value, stop } = scoped(() => ({ value: useStore(double) }))
    count.set(2)
    assert.equal(value.value, 4)
    stop()
    assert.equal(double.lc, 0)
  })

  test('is tracked as one value', () => {
    const user = map({ name: 'Ada', age: 36 })
    const ages = []
    const { stop } = scoped(() => {
      const value = useStore(user)
      watchEffect(() => ages.push(value.value.age), { flush: 'sync' })
      return {}
    })
    user.setKey('age', 37)
    user.setKey('name', 'Grace')
    assert.deepEqual(ages, [36, 37, 37])
    stop()
  })

  test('listens on with no scope to end it', () => {
    const count = atom(1)
    const value = useStore(count)
    count.set(2)
    assert.equal(value.value, 2)
    assert.equal(count.lc, 1)
  })

  test('refuses writes in development', () => {
    const user = map({ name: 'Ada' })
    const { value, stop } = scoped(() => ({ value: useStore(user) }))
    assert.ok(isReadonly(value))
    value.value = { name: 'Grace' }
    value.value.name = 'Grace'
    assert.deepEqual(user.get(), { name: 'Ada' })
    assert.equal(takeComplaints().length, 2)
    stop()
  })

  test('gives the very value of the store in production', () =>
    inProduction(() => {
      const user = map({ name: 'Ada' })
      const { value, stop } = scoped(() => ({ value: useStore(user) }))
      assert.equal(value.value, user.get())
      assert.equal(isReadonly(value), false)
      stop()
      assert.equal(user.lc, 0)
    }))

  test('throws for what is not a store', () => {
    assert.throws(() => useStore(undefined), TypeError)
  })
})

describe('lagoon/vue registerStore', () => {
  test('keeps the stores of a component where the devtools look', () => {
    const [first, second, third] = [atom(1), atom(2), atom(3)]
    let instance
    const page = mount(() => {
      instance = getCurrentInstance().proxy
      useStore(first)
      useStore(second)
      registerStore(third)
      return () => null
    })
    assert.deepEqual(instance._nanostores, [first, second, third])
    page.unmount()
  })

  test('does nothing outside a component', () => {
    assert.equal(registerStore(atom(1)), undefined)
  })

  test('useStore does not call it in production', () =>
    inProduction(() => {
      let instance
      const page = mount(() => {
        instance = getCurrentInstance().proxy
        useStore(atom(1))
        return () => null
      })
      assert.equal('_nanostores' in instance, false)
      page.unmount()
    }))
})

describe('lagoon/vue mapStores', () => {
  const setup = () => {
    const count = atom(1)
    const user = map({ name: 'Ada' })
    const page = mount(() => {
      const state = mapStores({ count, user })
      return () => h('p', `${state.count} ${state.user.name}`)
    })
    return { count, user, page }
  }
  const change = async ({ count, user, page }) => {
    assert.equal(page.element.textContent, '1 Ada')
    count.set(2)
    user.setKey('name', 'Grace')
    await nextTick()
    assert.equal(page.element.textContent, '2 Grace')
    page.unmount()
    assert.deepEqual([count.lc, user.lc], [0, 0])
  }

  test('draws several stores, and leaves no listener', () => change(setup()))
  test('draws several stores in production', () => inProduction(() => change(setup())))

  test('refuses writes in development', () => {
    const count = atom(1)
    const { state, stop } = scoped(() => ({ state: mapStores({ count }) }))
    state.count = 2
    assert.equal(state.count, 1)
    assert.equal(takeComplaints().length, 1)
    stop()
  })
})

describe('lagoon/vue useVModel', () => {
  const type = (input, text) => {
    input.value = text
    input.dispatchEvent(new window.Event('input'))
  }
  const draw = useModel =>
    mount(() => {
      const model = useModel()
      return () =>
        withDirectives(h('input', { 'onUpdate:modelValue': text => (model.value = text) }), [
          [vModelText, model.value]
        ])
    })

  test('binds an input to a store', async () => {
    const name = atom('Ada')
    const page = draw(() => useVModel(name))
    const input = page.element.querySelector('input')
    assert.equal(input.value, 'Ada')
    type(input, 'Grace')
    assert.equal(name.get(), 'Grace')
    name.set('Alan')
    await nextTick()
    assert.equal(input.value, 'Alan')
    page.unmount()
    assert.equal(name.lc, 0)
  })

  test('binds an input to one key', () => {
    const user = map({ name: 'Ada', age: 36 })
    const page = draw(() => useVModel(user, 'name'))
    const input = page.element.querySelector('input')
    type(input, 'Grace')
    assert.deepEqual(user.get(), { name: 'Grace', age: 36 })
    page.unmount()
    assert.equal(user.lc, 0)
  })

  test('binds several keys, under names that end in Model or in a given word', () => {
    const user = map({ name: 'Ada', age: 36 })
    const { models, fields, stop } = scoped(() => ({
      models: useVModel(user, ['name', 'age']),
      fields: useVModel(user, ['name'], { prefix: 'Field' })
    }))
    assert.deepEqual(Object.keys(models), ['nameModel', 'ageModel'])
    assert.deepEqual(Object.keys(fields), ['nameField'])
    models.nameModel.value = 'Grace'
    models.ageModel.value++
    assert.deepEqual(user.get(), { name: 'Grace', age: 37 })
    assert.equal(fields.nameField.value, 'Grace')
    stop()
    assert.equal(user.lc, 0)
  })
})

describe('lagoon/vue on a server', () => {
  const create = store =>
    createSSRApp(
      component(() => {
        const value = useStore(store)
        return () => h('p', value.value)
      })
    )
  const draw = store => withoutWindow(() => renderToString(create(store)))

  test('only gets the value', async () => {
    const count = atom(1)
    count.set(2)
    const calls = []
    for (const method of ['get', 'listen', 'subscribe']) {
      const original = count[method]
      count[method] = (...args) => {
        calls.push(method)
        return original(...args)
      }
    }
    assert.equal(await draw(count), '<p>2</p>')
    assert.equal(calls[0], 'get')
    assert.equal(calls.includes('subscribe'), false)
    assert.equal(count.lc, 0)
  })

  test('the page takes over the markup of the server', async () => {
    const count = atom(1)
    const element = addElement(await draw(count))
    const paragraph = element.firstChild
    const app = create(count)
    app.mount(element)
    assert.equal(element.firstChild, paragraph)
    count.set(2)
    await nextTick()
    assert.equal(element.innerHTML, '<p>2</p>')
    app.unmount()
    assert.equal(count.lc, 0)
  })
})
