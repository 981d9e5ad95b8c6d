import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { BehaviorSubject, Subject } from 'rxjs'
import { derived, readable, writable } from 'svelte/store'
import { computed, effect, fromStore, STORE_UNMOUNT_DELAY } from './index.js'

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

const unmount = () => mock.timers.tick(STORE_UNMOUNT_DELAY)

/** A writable of Svelte's that says in `events` when it starts and stops. */
const watched = (value, events = []) => {
  const source = writable(value, () => {
    events.push('start')
    return () => events.push('stop')
  })
  return { source, events }
}

test('has the values of a store of Svelte, and writes them', () => {
  const { source } = watched(1)
  const store = fromStore(source)
  const calls = []
  const unbind = store.subscribe((value, oldValue) => calls.push([value, oldValue]))
  source.set(2)
  source.set(2)
  store.set(3)
  assert.deepEqual(calls, [
    [1, undefined],
    [2, 1],
    [3, 2]
  ])
  unbind()
})

test('subscribes only while it is mounted', () => {
  const { source, events } = watched(1)
  const store = fromStore(source)
  assert.deepEqual(events, [])
  const unbinds = [store.listen(() => {}), store.listen(() => {})]
  assert.deepEqual(events, ['start'])
  for (const unbind of unbinds) unbind()
  unmount()
  assert.deepEqual(events, ['start', 'stop'])
  store.listen(() => {})
  assert.deepEqual(events, ['start', 'stop', 'start'])
})

test('reads right when it is not mounted', () => {
  const { source, events } = watched(1)
  const store = fromStore(source)
  assert.equal(store.get(), 1)
  source.set(2)
  assert.equal(store.get(), 2)
  unmount()
  assert.deepEqual(events, ['start', 'stop'])
  source.set(3)
  assert.equal(store.get(), 3)
  store.set(4)
  assert.equal(store.get(), 4)
})

for (const [form, make] of [
  ['listed', (a, b, fn) => computed([a, b], fn)],
  ['tracked', (a, b, fn) => computed(() => fn(a.get(), b.get()))]
]) {
  test(`a ${form} computed depends on it`, () => {
    const { source, events } = watched(1)
    const subject = new BehaviorSubject(10)
    const sum = make(fromStore(source), fromStore(subject), (a, b) => a + b)
    assert.equal(sum.get(), 11)
    const values = []
    const unbind = sum.subscribe(value => values.push(value))
    source.set(2)
    subject.next(20)
    assert.deepEqual(values, [11, 12, 22])
    unbind()
    for (let i = 0; i < 3; i++) unmount()
    assert.deepEqual([events.at(-1), subject.observed], ['stop', false])
    source.set(3)
    assert.equal(sum.get(), 23)
  })
}

test('an effect depends on it', () => {
  const subject = new BehaviorSubject(1)
  const store = fromStore(subject)
  const values = []
  const stop = effect(() => void values.push(store.get()))
  subject.next(2)
  stop()
  subject.next(3)
  assert.deepEqual(values, [1, 2])
})

test('an object that was changed in place is a change', () => {
  const { source } = watched([])
  const length = computed(fromStore(source), list => list.length)
  const values = []
  length.subscribe(value => values.push(value))
  source.update(list => {
    list.push('a')
    return list
  })
  assert.deepEqual(values, [0, 1])
})

test('has set only if the other has, and what that makes of a value', () => {
  assert.equal('set' in fromStore(readable(1)), false)
  assert.equal('set' in fromStore(derived(readable(1), value => value)), false)
  assert.throws(() => fromStore(new BehaviorSubject(1)).set(2), TypeError)

  const source = writable(0)
  const store = fromStore({
    subscribe: source.subscribe,
    set: value => source.set(Math.min(value, 9))
  })
  const values = []
  store.listen(value => values.push(value))
  store.set(20)
  store.set(30)
  assert.deepEqual(values, [9])
  assert.equal(store.get(), 9)
})

test('an observable that does not call at once has no value until it does', () => {
  const subject = new Subject()
  const store = fromStore(subject)
  const values = []
  store.subscribe(value => values.push(value))
  subject.next('a')
  assert.deepEqual(values, [undefined, 'a'])
})

test('what is no store is refused', () => {
  for (const source of [undefined, null, 1, {}, { get() {} }]) {
    assert.throws(() => fromStore(source), {
      name: 'TypeError',
      message: /^Lagoon: fromStore\(\) needs an object with subscribe\(\)/
    })
  }
})

test('what subscribing throws, listen and get throw, and a later try succeeds', () => {
  let isBroken = true
  const store = fromStore({
    subscribe(run) {
      if (isBroken) throw new Error('broken')
      run(1)
      return () => {}
    }
  })
  assert.throws(() => store.listen(() => {}), /^Error: broken$/)
  assert.equal(store.lc, 0)
  isBroken = false
  assert.equal(store.get(), 1)
})
