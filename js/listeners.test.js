// What listens to a store without the engine, and how the engine takes it over in the middle of an update.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atom, batch, computed, difference, isLagoon, map, runInNode } from '../tests/library.js'

// An atom with three listeners that log; the second one does something in between.
const three = act => {
  const store = atom(0)
  const log = []
  const listen = name => store.listen((...args) => log.push([name, ...args.slice(0, 2)]))
  const unbindFirst = listen('first')
  store.listen((...args) => {
    log.push(['second', ...args.slice(0, 2)])
    act?.({ store, log, listen, unbindFirst, unbindThird })
  })
  const unbindThird = listen('third')
  return { store, log }
}

const ALL = [
  ['first', 1, 0],
  ['second', 1, 0],
  ['third', 1, 0]
]

test('who listens in an update is told of the next one', () => {
  const { store, log } = three(({ store, listen }) => store.value === 1 && listen('fourth'))
  store.set(1)
  assert.deepEqual(log, ALL)
  store.set(2)
  assert.deepEqual(log.slice(3), [
    ['first', 2, 1],
    ['second', 2, 1],
    ['third', 2, 1],
    ['fourth', 2, 1]
  ])
})

test('who was told may leave, and nobody is left out', () => {
  const { store, log } = three(({ unbindFirst }) => unbindFirst())
  store.set(1)
  assert.deepEqual(log, ALL)
  assert.equal(store.lc, 2)
})

test('who leaves and comes back in an update waits for the next one', () => {
  const { store, log } = three(({ unbindThird, listen, store }) => {
    if (store.value > 1) return
    unbindThird()
    listen('third')
  })
  store.set(1)
  assert.deepEqual(log, ALL.slice(0, 2))
  store.set(2)
  assert.equal(log.length, 5)
})

test('the only listener may leave and let others come', () => {
  const store = atom(0)
  const log = []
  const unbind = store.listen(value => {
    log.push(['old', value])
    unbind()
    store.listen(value => log.push(['new', value]))
    store.set(value + 1)
  })
  store.set(1)
  assert.deepEqual(log, [
    ['old', 1],
    ['new', 2]
  ])
  assert.equal(store.lc, 1)
})

// What makes the engine take over, in a listener that others are still to be called after.
const TAKING_OVER = {
  'a batch': () => batch(() => {}),
  'a batch that writes another store': ({ log }) => {
    const other = map({ a: 0 })
    other.listen((value, _, key) => log.push([key, value.a]))
    batch(() => other.setKey('a', 1))
    log.pop()
  },
  'a computed of the store': ({ store }) => computed(store, value => value).listen(() => {}),
  'a computed of another store': () => computed(atom(0), value => value).listen(() => {}),
  'a thousand listeners': ({ store }) => {
    for (let i = 0; i < 2000; i++) store.listen(() => {})
  }
}

for (const [name, act] of Object.entries(TAKING_OVER)) {
  test(`${name} in a listener lets the others be told once, in their order`, () => {
    const { store, log } = three(it => it.store.value === 1 && act(it))
    store.set(1)
    assert.deepEqual(log, ALL)
    store.set(2)
    assert.deepEqual(
      log.slice(3),
      ALL.map(([name]) => [name, 2, 1])
    )
  })
}

test('what the engine tells and what it does not is told in one order', () => {
  const source = atom(0)
  const log = []
  const derived = computed(source, value => value * 10)
  derived.listen(value => log.push(['derived', value]))
  source.listen(value => log.push(['source', value]))
  const stores = [atom(0), atom(0)]
  stores.forEach((store, i) => store.listen(value => log.push([i, value])))
  const trigger = atom(0)
  trigger.listen(() => {
    stores[0].set(1)
    source.set(1)
    stores[1].set(1)
  })
  trigger.listen(() => log.push('trigger'))
  trigger.set(1)
  assert.deepEqual(log, ['trigger', [0, 1], ['source', 1], [1, 1], ['derived', 10]])
})

test('listeners may write many stores, and each of those may leave', () => {
  const stores = Array.from({ length: 40_000 }, () => atom(0))
  const order = []
  stores.forEach((store, i) => {
    const unbind = store.listen(() => {
      order.push(i)
      unbind()
    })
  })
  const trigger = atom(0)
  trigger.listen(() => stores.forEach(store => store.set(1)))
  trigger.listen(() => order.push('trigger'))
  trigger.set(1)
  assert.deepEqual(order, ['trigger', ...stores.keys()])
  assert.ok(stores.every(({ lc }) => lc === 0))
})

difference('two listeners that both write come to an end', () => {
  const store = atom(0)
  store.listen(value => store.set(value + 1))
  store.listen(() => store.set(store.value + 1))
  assert.throws(() => store.set(1), /without end/)
  assert.equal(store.lc, 2)
})

test('many listeners of a store that a batch has written leave and come in the middle of a change', () => {
  const { store, log } = three(({ store, listen, unbindFirst, unbindThird }) => {
    if (store.value !== 2) return
    unbindFirst()
    unbindThird()
    listen('fourth')
  })
  batch(() => store.set(1))
  store.set(2)
  store.set(3)
  assert.deepEqual(
    log.map(([name, value]) => `${name} ${value}`),
    ['first 1', 'second 1', 'third 1', 'first 2', 'second 2', 'second 3', 'fourth 3']
  )
})

test('what a listener throws waits for what the engine tells', () => {
  const source = atom(0)
  const log = []
  computed(source, value => value + 1).listen(value => log.push(value))
  const trigger = atom(0)
  trigger.listen(() => {
    source.set(1)
    throw new Error('first')
  })
  trigger.listen(value => log.push(['trigger', value]))
  assert.throws(() => trigger.set(1), { message: 'first' })
  assert.deepEqual(log, [['trigger', 1], 2])
  trigger.listen(() => {})
  assert.throws(() => trigger.set(2), { message: 'first' })
})

test(
  'where WebAssembly is refused, listeners do without it',
  { skip: isLagoon ? false : 'Nano Stores has no engine' },
  async () => {
    const answer = await runInNode(
      `const { atom, batch, computed } = library
      const store = atom(0)
      const log = []
      const attempt = fn => {
        try {
          fn()
        } catch (error) {
          log.push(error.message.includes('WebAssembly is refused'))
        }
      }
      store.listen(value => log.push(value))
      store.listen(() => attempt(() => batch(() => log.push('never'))))
      store.listen(() => attempt(() => computed(store, value => value).listen(() => log.push('never'))))
      store.listen(value => log.push(-value))
      store.set(1)
      store.set(2)
      const derived = computed(store, value => value)
      library.onMount(derived, () => { log.push('mounted') })
      for (let i = 0; i < 2; i++) attempt(() => derived.listen(() => {}))
      console.log(JSON.stringify([store.lc, derived.lc, ...log]))`,
      {
        flags: [
          '--no-warnings',
          '--import',
          'data:text/javascript,WebAssembly.Module = function () { throw new Error("no") }'
        ]
      }
    )
    assert.deepEqual(JSON.parse(answer), [4, 0, 1, true, true, -1, 2, true, true, -2, true, true])
  }
)
