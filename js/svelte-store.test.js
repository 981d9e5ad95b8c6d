// The same programs on the published svelte/store and on ours must leave the same trace.
// LAGOON_PROGRAMS says how many random ones (1,000 of each sort), LAGOON_SEED where to begin.

import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { BehaviorSubject, config, Observable } from 'rxjs'
import * as svelte from 'svelte/store'
import { effectScope } from 'vue'
import { addElement } from '../tests/dom.js'
import { random } from '../tests/programs.js'
import { atom, batch, cleanStores, computed, effect, listenKeys, onMount, onSet } from './index.js'
import * as react from './react.js'
import * as lagoon from './svelte-store.js'
import * as vue from './vue.js'

const { derived, get, readable, readonly, writable } = lagoon
const count = Number(process.env.LAGOON_PROGRAMS ?? 1000)
const first = Number(process.env.LAGOON_SEED ?? 1)

const PROGRAMS = {
  'a writable, its subscribers, set and update'({ writable }, log) {
    const store = writable(0)
    const unsubscribe = store.subscribe(value => log('a', value))
    store.subscribe(value => log('b', value))
    store.set(1)
    store.update(value => value + 1)
    unsubscribe()
    unsubscribe()
    store.set(3)
  },

  'a value that was not given'({ get, readable, writable }, log) {
    log(get(writable()), get(readable()))
    writable().subscribe((...args) => log(args))
  },

  'primitives are compared, objects and functions are not'({ writable }, log) {
    const same = { list: [] }
    const fn = () => {}
    for (const value of [0, -0, NaN, '', null, undefined, false, same, same.list, fn, 1n]) {
      const store = writable(value)
      store.subscribe(() => log(String(value), 'called'))
      store.set(value)
    }
    const zero = writable(0)
    zero.subscribe(value => log(Object.is(value, -0)))
    zero.set(-0)
  },

  'an object changed in place'({ derived, writable }, log) {
    const store = writable([])
    derived(store, list => list.length).subscribe(length => log(length))
    store.update(list => {
      list.push(1)
      return list
    })
  },

  'start and stop, again and again'({ readable, get }, log) {
    let set
    const store = readable(0, (...functions) => {
      log('start')
      set = functions[0]
      set(1)
      functions[1](value => value + 10)
      return () => log('stop')
    })
    const a = store.subscribe(value => log('a', value))
    const b = store.subscribe(value => log('b', value))
    set(2)
    a()
    set(3)
    b()
    set(4)
    log(get(store))
    store.subscribe(value => log('c', value))()
    a()
  },

  'a start function that returns nothing'({ readable }, log) {
    readable(1, () => log('start')).subscribe(value => log(value))()
  },

  'a start function that subscribes to its own store'({ writable }, log) {
    const store = writable(0, () => {
      const unsubscribe = store.subscribe(value => log('inner', value))
      return () => {
        log('stop')
        unsubscribe()
      }
    })
    store.subscribe(() => {})
    store.set(1)
  },

  'a derived store starts, stops and runs with its subscribers'({ derived, get, writable }, log) {
    const source = writable(1, () => {
      log('start')
      return () => log('stop')
    })
    const double = derived(source, value => {
      log('run', value)
      return value * 2
    })
    source.set(2)
    const a = double.subscribe(value => log('a', value))
    const b = double.subscribe(value => log('b', value))
    source.set(2)
    source.set(3)
    a()
    source.set(4)
    b()
    source.set(5)
    log(get(double), get(double))
  },

  'a list of stores, and the initial value'({ derived, writable }, log) {
    const a = writable(1)
    const b = writable(2)
    derived([a, b], ([x, y]) => x + y, 7).subscribe(value => log('sum', value))
    derived([a], values => values).subscribe(value => log('list', [...value]))
    derived([], () => 'none').subscribe(value => log(value))
    derived(a, (_value, _set) => {}, 7).subscribe(value => log('initial', value))
    a.set(5)
    b.set(6)
  },

  'set and update in a derived store, and its clean-up'({ derived, writable }, log) {
    const source = writable(1)
    const store = derived(
      source,
      (value, set, update) => {
        log('run', value)
        set(value)
        if (value % 2) update(last => last * 100)
        if (value > 3) return 'no function'
        return () => log('clean up', value)
      },
      0
    )
    const unsubscribe = store.subscribe(value => log(value))
    for (const value of [2, 3, 4, 5]) source.set(value)
    unsubscribe()
    source.set(1)
    store.subscribe(value => log('again', value))()
  },

  'a derived store that is set later'({ derived, get, writable }, log) {
    const source = writable(1)
    let later
    const store = derived(source, (_, set) => {
      later = set
    })
    later?.('too early')
    const next = derived(store, value => `next ${value}`)
    const unsubscribe = next.subscribe(value => log(value))
    later('a')
    later('a')
    source.set(2)
    later('b')
    unsubscribe()
    later('c')
    log(get(store))
  },

  'a diamond'({ derived, writable }, log) {
    const name = writable('Ada')
    const lower = derived(name, value => value.toLowerCase())
    const upper = derived(name, value => value.toUpperCase())
    derived([lower, upper], values => {
      log('run')
      return values.join()
    }).subscribe(value => log(value))
    name.set('Grace')
    name.set('GRACE')
  },

  'a diamond with a short side, and a long side that does not change'({ derived, writable }, log) {
    const root = writable({ a: 0, b: 0 })
    const a = derived(root, value => `a${value.a}`)
    derived([a, root], ([text, value]) => `b${value.b}${text}`).subscribe(value => log(value))
    root.set({ a: 0, b: 1 })
    root.set({ a: 1, b: 1 })
  },

  'a derived store that subscribes to another one'({ derived, readable, writable }, log) {
    const isOn = writable(true)
    const inner = readable(0, () => {
      log('start')
      return () => log('stop')
    })
    derived(isOn, (value, set) => {
      if (value) return inner.subscribe(set)
    }).subscribe(value => log(value))
    isOn.set(false)
    isOn.set(true)
  },

  'a subscriber that writes'({ derived, writable }, log) {
    const store = writable(0)
    const double = derived(store, value => value * 2)
    double.subscribe(value => log('double', value))
    store.subscribe(value => {
      log('a', value)
      if (value % 3) store.set(value + 1)
    })
    store.subscribe(value => log('b', value))
    store.set(1)
  },

  'a subscriber that takes itself off'({ writable }, log) {
    const store = writable(0)
    const unsubscribe = store.subscribe(value => {
      log(value)
      if (value) unsubscribe()
    })
    store.set(1)
    store.set(2)
  },

  'a readonly store'({ readonly, writable }, log) {
    const store = writable(1)
    store.subscribe(value => log('a', value))
    const view = readonly(store)
    view.subscribe(value => log('view', value))
    store.subscribe(value => log('b', value))
    store.set(2)
    log('set' in view, 'update' in view)
  },

  'no store at all'({ derived, get }, log) {
    for (const stores of [undefined, null, [undefined], [null]]) {
      try {
        derived(stores, () => {})
        log('made')
      } catch {
        log('an error')
      }
    }
    log(get(undefined), get(null))
  },

  'an observable'({ derived, get, writable }, log) {
    const observable = {
      subscribe(run) {
        run(42)
        return { unsubscribe: () => log('unsubscribed') }
      }
    }
    log(get(observable))
    const a = derived(observable, value => value + 1)
    derived([a, writable(2)], ([x, y]) => x * y).subscribe(value => log(value))()
  },

  'a subject of RxJS'({ derived, writable }, log) {
    const subject = new BehaviorSubject(1)
    const factor = writable(2)
    const product = derived([subject, factor], ([x, y]) => x * y)
    const unsubscribe = product.subscribe(value => log(value))
    subject.next(2)
    factor.set(3)
    unsubscribe()
    log(subject.observed)
  },

  'stores of svelte/store below'({ derived }, log) {
    const name = svelte.writable('Ada')
    const lower = svelte.derived(name, value => value.toLowerCase())
    const upper = svelte.derived(name, value => value.toUpperCase())
    const unsubscribe = derived([lower, upper], values => values.join()).subscribe(value =>
      log(value)
    )
    name.set('Grace')
    unsubscribe()
    name.set('Alan')
  },

  'stores of svelte/store above'({ derived, writable }, log) {
    const name = writable('Ada')
    const lower = derived(name, value => value.toLowerCase())
    const unsubscribe = svelte
      .derived([lower, name], values => values.join())
      .subscribe(value => log(value))
    name.set('Grace')
    unsubscribe()
    name.set('Alan')
  }
}

const trace = (library, program) => {
  const lines = []
  program(library, (...words) => void lines.push(words))
  return lines
}

describe('as svelte/store', () => {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    test(name, () => {
      const expected = trace(svelte, program)
      assert.ok(expected.length)
      assert.deepEqual(trace(lagoon, program), expected)
    })
  }
})

// ---- random programs ----------------------------------------------------------------------------

// The last one sets two values, of which a derived above gets only the second from us.
const KINDS = ['sum', 'parity', 'object', 'set', 'twice']

/** Deriveds in layers, or reading whatever was made before; and steps that change and subscribe. */
const generate = (seed, { inLayers, withWrites }) => {
  const { below, chance, pick } = random(seed)
  const listOf = (length, make) => Array.from({ length }, make)
  const width = 1 + below(3)
  const layers = [listOf(width, (_, i) => ({ name: `s${i}` }))]
  for (let depth = 1 + below(3); depth; depth--) {
    const readable = inLayers ? layers.at(-1) : layers.flat()
    layers.push(
      listOf(1 + below(3), () => ({
        sources: listOf(withWrites ? 1 : 1 + below(3), () => pick(readable).name),
        kind: pick(inLayers ? KINDS.slice(0, -1) : KINDS)
      }))
    )
    layers.at(-1).forEach((store, i) => (store.name = `s${layers.flat().length - i - 1}`))
  }
  const stores = layers.flat()
  const writables = layers[0]
  const write = () => ({ store: pick(writables).name, value: below(4) })
  const steps = listOf(5 + below(20), (_, id) => {
    const kind = pick(['subscribe', 'subscribe', 'unsubscribe', 'set', 'set', 'set', 'get'])
    const step = { kind, id, index: below(5), ...write() }
    if (kind === 'set') return step
    if (kind === 'subscribe' && withWrites && chance(0.5)) {
      return { ...step, when: below(4), write: write() }
    }
    return { ...step, store: pick(stores).name }
  })
  return { layers, steps }
}

const number = value => (typeof value === 'object' ? value.is : value) ?? 0
const FUNCTIONS = {
  sum: values => values.reduce((sum, value) => sum + number(value), 1),
  parity: values => number(values[0]) % 2,
  object: values => ({ is: values.reduce((sum, value) => sum + number(value), 0) }),
  set: values => number(values.at(-1)) + 1,
  twice: values => number(values[0]) * 2
}

/**
 * Plays a program and returns what happened: a list of [who, what, ...], and how many functions got
 * what no write has ever made of their stores.
 */
const play = ({ writable, derived, get }, { layers, steps }) => {
  const log = []
  const stores = {}
  // What was written: before this step, in it, and by each subscriber in turn
  let written = [{}]
  let glitches = 0

  const all = Object.fromEntries(layers.flat().map(store => [store.name, store]))
  const valueOf = (name, values) => {
    const { sources, kind } = all[name]
    if (!sources) return values[name] ?? 0
    return number(FUNCTIONS[kind](sources.map(source => valueOf(source, values))))
  }
  const isGlitch = (sources, values) =>
    written.every(state => sources.some((source, i) => valueOf(source, state) !== values[i]))

  const set = ({ store, value }) => {
    written.push({ ...written.at(-1), [store]: value })
    stores[store].set(value)
  }

  for (const { name, sources, kind } of Object.values(all)) {
    const startStop = () => {
      log.push([name, 'start'])
      return () => log.push([name, 'stop'])
    }
    const run = values => {
      const numbers = values.map(number)
      log.push([`run ${name}`, ...numbers])
      if (isGlitch(sources, numbers)) glitches++
      return FUNCTIONS[kind](values)
    }
    const runAndSet = (values, set) => {
      if (kind === 'twice') set(number(values[0]))
      set(run(values))
      return () => log.push([name, 'clean up'])
    }
    if (!sources) stores[name] = writable(0, startStop)
    else {
      const inputs = sources.map(source => stores[source])
      stores[name] = derived(inputs, kind === 'set' || kind === 'twice' ? runAndSet : run)
    }
  }

  const subscriptions = []
  let writes = 0
  const subscribe = ({ id, store, when, write }) =>
    stores[store].subscribe(current => {
      log.push([`subscriber ${id} of ${store}`, number(current)])
      if (number(current) === when && ++writes < 20) set(write)
    })

  for (const step of steps) {
    written = [written.at(-1)]
    if (step.kind === 'set') set(step)
    if (step.kind === 'get') log.push(['get', number(get(stores[step.store]))])
    if (step.kind === 'subscribe') subscriptions.push(subscribe(step))
    if (step.kind === 'unsubscribe') subscriptions.splice(step.index, 1)[0]?.()
    log.push(['step', step.id])
  }
  log.push(['values', ...Object.values(stores).map(store => number(get(store)))])
  return { log, glitches }
}

const isOfSubscribers = ([who]) => /^(subscriber|step|get|values)/.test(who)

/** The part of a trace that belongs to each store or subscriber. */
const apart = log => Object.groupBy(log, ([who]) => who)

const compare = (features, check) => {
  const calls = { ours: 0, theirs: 0 }
  const glitches = { ours: 0, theirs: 0 }
  for (let seed = first; seed < first + count; seed++) {
    const program = generate(seed, features)
    const ours = play(lagoon, program)
    const theirs = play(svelte, program)
    try {
      check(ours, theirs)
    } catch (error) {
      error.message = `${error.message}\nseed ${seed}: ${JSON.stringify(program)}`
      throw error
    }
    calls.ours += ours.log.length
    calls.theirs += theirs.log.length
    glitches.ours += ours.glitches
    glitches.theirs += theirs.glitches
  }
  assert.ok(calls.ours > 10 * count, `${calls.ours} calls`)
  return { calls, glitches }
}

/** The last value that each subscriber got, and what was read, at the end of each step. */
const states = log => {
  const last = {}
  const list = []
  for (const [who, ...values] of log.filter(isOfSubscribers)) {
    if (who === 'step') list.push({ ...last })
    else last[who] = values
  }
  return [...list, last]
}

describe('random programs', () => {
  test('subscribers are called in the same order, functions run equally often', () => {
    const { glitches } = compare({ inLayers: true, withWrites: false }, (ours, theirs) => {
      assert.deepEqual(ours.log.filter(isOfSubscribers), theirs.log.filter(isOfSubscribers))
      assert.deepEqual(apart(ours.log), apart(theirs.log))
    })
    assert.deepEqual(glitches, { ours: 0, theirs: 0 })
  })

  test('where subscribers of writables write, and no two ways meet, all get the same values', () => {
    const { glitches } = compare({ inLayers: true, withWrites: true }, (ours, theirs) => {
      assert.deepEqual(
        apart(ours.log.filter(isOfSubscribers)),
        apart(theirs.log.filter(isOfSubscribers))
      )
    })
    assert.deepEqual(glitches, { ours: 0, theirs: 0 })
  })

  test('on sides of different length, what Svelte computes half-way is left out', () => {
    const { calls, glitches } = compare({ inLayers: false, withWrites: false }, (ours, theirs) => {
      assert.deepEqual(states(ours.log), states(theirs.log))
    })
    assert.equal(glitches.ours, 0)
    assert.ok(glitches.theirs > 0)
    assert.ok(calls.ours < calls.theirs)
  })
})

// ---- what Svelte's stores are not ---------------------------------------------------------------

/** A function that keeps the first arguments of its calls. */
const recorder = () => {
  const calls = []
  return Object.assign(value => void calls.push(value), { calls })
}

describe('as stores of Lagoon', () => {
  test('have get, listen and value, and are written only if Svelte says so', () => {
    const name = writable('Ada')
    const upper = derived(name, value => value.toUpperCase())
    const heard = []
    name.listen((value, oldValue) => heard.push([value, oldValue]))
    name.set('Grace')
    assert.deepEqual(heard, [['Grace', 'Ada']])
    assert.deepEqual([name.get(), name.value, name.lc], ['Grace', 'Grace', 1])
    assert.deepEqual([upper.get(), upper.lc], ['GRACE', 0])
    for (const store of [upper, readable(1), readonly(name)]) {
      assert.deepEqual([store.set, store.update], [undefined, undefined])
    }
    const { get, set, update } = name
    update(value => `${value} Hopper`)
    assert.equal(get(), 'Grace Hopper')
    set('Alan')
    assert.equal(readonly(name).value, 'Alan')
    assert.equal(readonly(name).lc, 1)
  })

  for (const [form, sum] of [
    ['listed', (a, b, fn) => computed([a, b], fn)],
    ['tracked', (a, b, fn) => computed(() => fn(a.get(), b.get()))]
  ]) {
    test(`a ${form} computed runs once for a change, and never half-way`, () => {
      let stops = 0
      const number = writable(1, () => () => stops++)
      const double = derived(number, value => value * 2)
      const runs = []
      const total = sum(double, readonly(number), (b, a) => {
        runs.push([a, b])
        return a + b
      })
      const listener = recorder()
      const unbind = total.listen(listener)
      number.set(2)
      number.set(2)
      number.set(3)
      assert.deepEqual(runs, [
        [1, 2],
        [2, 4],
        [3, 6]
      ])
      assert.deepEqual(listener.calls, [6, 9])
      unbind()
      cleanStores(total)
      assert.deepEqual([number.lc, double.lc, stops], [0, 0, 1])
    })
  }

  test('a derived store of atoms and computeds never runs half-way', () => {
    const number = atom(1)
    const double = computed(number, value => value * 2)
    const origin = writable(1)
    const fromOrigin = computed(origin, value => value * 10)
    const seen = recorder()
    derived([number, double, origin, fromOrigin], values => values.join()).subscribe(seen)
    number.set(2)
    origin.set(2)
    batch(() => {
      number.set(3)
      origin.set(3)
    })
    assert.deepEqual(seen.calls, ['1,2,1,10', '2,4,1,10', '2,4,2,20', '3,6,3,30'])
  })

  test('a batch calls each subscriber once, and reads are current in it', () => {
    const number = writable(1)
    const runs = recorder()
    const double = derived(number, value => {
      runs(value)
      return value * 2
    })
    const subscribers = [recorder(), recorder()]
    number.subscribe(subscribers[0])
    double.subscribe(subscribers[1])
    batch(() => {
      number.set(2)
      number.set(3)
      assert.deepEqual(subscribers[0].calls, [1])
      assert.equal(double.get(), 6)
      number.set(4)
    })
    assert.deepEqual(subscribers[0].calls, [1, 4])
    assert.deepEqual(subscribers[1].calls, [2, 8])
    assert.deepEqual(runs.calls, [1, 3, 4])
  })

  test('a listener of Lagoon writes, and reads what is derived from it', () => {
    const source = atom(1)
    const number = writable(1)
    const double = derived(number, value => value * 2)
    const seen = recorder()
    double.subscribe(seen)
    source.listen(value => {
      number.set(value)
      assert.equal(double.get(), value * 2)
    })
    source.set(2)
    assert.deepEqual(seen.calls, [2, 4])
  })

  test('an effect tracks what it reads, and not what the stores read', () => {
    const hidden = atom(1)
    const number = writable(1, set => set(hidden.get()))
    const double = derived(number, value => value * 2 + hidden.get())
    const runs = recorder()
    const stop = effect(() => runs(double.get()))
    hidden.set(10)
    assert.deepEqual(runs.calls, [3])
    number.set(2)
    assert.deepEqual(runs.calls, [3, 14])
    stop()
    assert.deepEqual([number.lc, hidden.lc], [0, 0])
  })

  test('islands of other frameworks draw them', async () => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = true
    const number = writable(1)
    const double = derived(number, value => value * 2)
    const element = addElement()
    const root = createRoot(element)
    const Double = () => react.useStore(double)
    await act(() => root.render(createElement(Double)))
    const scope = effectScope()
    const [single, twice] = scope.run(() => [vue.useStore(number), vue.useStore(double)])
    await act(() => number.set(2))
    assert.deepEqual([element.textContent, single.value, twice.value], ['4', 2, 4])
    await act(() => root.unmount())
    scope.stop()
    assert.deepEqual([number.lc, double.lc], [0, 0])
  })

  test('onMount, onSet and listenKeys work', () => {
    const user = writable({ name: 'Ada', age: 36 })
    const events = []
    onMount(user, () => void events.push('mount'))
    onSet(user, ({ newValue, abort }) => newValue.age < 0 && abort())
    listenKeys(user, ['age'], ({ age }) => events.push(age))
    const seen = recorder()
    user.subscribe(({ age }) => seen(age))
    user.set({ name: 'Ada', age: -1 })
    user.set({ name: 'Grace', age: 36 })
    user.update(value => ({ ...value, age: 37 }))
    assert.deepEqual(events, ['mount', 37])
    assert.deepEqual(seen.calls, [36, 36, 37])
  })

  test('a subscriber that throws does not stop the others, nor the stores', () => {
    const number = writable(1)
    const seen = recorder()
    number.subscribe(value => {
      if (value === 2) throw new Error('two')
    })
    number.subscribe(seen)
    derived(number, value => value * 10).subscribe(seen)
    assert.throws(() => number.set(2), /^Error: two$/)
    number.set(3)
    assert.deepEqual(seen.calls, [1, 10, 2, 20, 3, 30])
  })

  test('a derived store that throws keeps its value, and recovers', () => {
    const number = writable(1)
    const tenth = derived(number, value => {
      if (value === 2) throw new Error('two')
      return value / 10
    })
    const seen = recorder()
    tenth.subscribe(seen)
    const unsubscribe = number.subscribe(seen)
    assert.throws(() => number.set(2), /^Error: two$/)
    assert.equal(tenth.get(), 0.1)
    number.set(3)
    assert.deepEqual(seen.calls, [0.1, 1, 2, 3, 0.3])
    unsubscribe()
  })

  test('what throws at the start leaves nobody subscribed, and can begin again', () => {
    const number = writable(0)
    const inverse = derived([writable(1), number], ([one, value]) => {
      if (!value) throw new RangeError('zero')
      return one / value
    })
    assert.throws(() => inverse.subscribe(() => {}), /^RangeError: zero$/)
    assert.deepEqual([number.lc, inverse.lc], [0, 0])
    number.set(4)
    assert.equal(inverse.get(), 0.25)
    assert.equal(number.lc, 0)
    assert.throws(() => writable(0, 'start'), /the start of a store needs a function, not 'start'/)
    assert.throws(() => derived(number), /derived\(\) needs a function, not undefined/)
    number.name = 'number'
    assert.throws(() => number.subscribe(), /subscribe\(\) of number needs a function/)
    assert.equal(number.lc, 0)
  })

  test('subscribers that write without end are an error that names the store', () => {
    const number = writable(0)
    number.name = 'number'
    const unsubscribe = number.subscribe(value => value && number.set(value + 1))
    assert.throws(() => number.set(1), /Lagoon: number is changed by its listeners without end/)
    unsubscribe()
    const double = derived(number, value => value * 2)
    const seen = recorder()
    double.subscribe(seen)
    double.name = 'double'
    const unbind = number.listen(value => number.set(value + 1))
    assert.throws(
      () => number.set(1),
      /Lagoon: (number|double) is changed by its listeners without end/
    )
    assert.equal(double.get(), number.get() * 2)
    unbind()
    number.set(1)
    assert.equal(seen.calls.at(-1), 2)
  })

  test('so is a derived store that changes what it reads without end', () => {
    const number = writable(0)
    const next = derived(number, value => value && number.set(value + 1))
    next.name = 'next'
    number.name = 'number'
    next.subscribe(() => {})
    assert.throws(
      () => number.set(1),
      /Lagoon: (next|number) is changed by what is derived from it/
    )
    const seen = recorder()
    number.subscribe(seen)
    assert.equal(seen.calls.length, 1)
  })

  test('what waits to be called is not called when it was taken off', () => {
    const number = writable(0)
    const seen = recorder()
    let unsubscribe
    number.subscribe(value => value && unsubscribe())
    unsubscribe = number.subscribe(seen)
    number.set(1)
    assert.deepEqual(seen.calls, [0])
  })

  test('cleanStores() takes off subscribers, too, and stops the stores', () => {
    const events = recorder()
    const number = writable(0, () => () => events('stop'))
    const double = derived(number, value => value * 2)
    number.subscribe(events)
    double.subscribe(events)
    cleanStores(number, double)
    number.set(1)
    assert.deepEqual(events.calls, [0, 0, 'stop'])
    assert.deepEqual([number.lc, double.lc], [0, 0])
    number.subscribe(events)()
    assert.deepEqual(events.calls, [0, 0, 'stop', 1, 'stop'])
  })

  test('a missing store is named by its place', () => {
    assert.throws(() => derived([writable(1), undefined], () => {}), {
      name: 'TypeError',
      message: 'Lagoon: derived() needs stores, and got undefined at place 2. Make that store first'
    })
    assert.throws(() => derived({}, () => {}).get(), TypeError)
  })

  test('an observable that fails is not silent', async () => {
    const failing = new Observable(subscriber => subscriber.error(new Error('offline')))
    const failure = new Promise(resolve => (config.onUnhandledError = resolve))
    assert.equal(get(derived(failing, value => value)), undefined)
    assert.equal((await failure).message, 'offline')
    config.onUnhandledError = null
  })

  test('more sources than a number has bits, and a chain of hundreds', () => {
    const sources = Array.from({ length: 40 }, () => svelte.writable(1))
    const seen = recorder()
    derived(sources, values => values.reduce((a, b) => a + b)).subscribe(seen)
    sources[0].set(2)
    sources[32].set(2)
    assert.deepEqual(seen.calls, [40, 41, 42])

    const root = writable(0)
    let end = root
    for (let i = 0; i < 500; i++) end = derived(end, value => value + 1)
    const values = recorder()
    end.subscribe(values)
    root.set(1)
    assert.deepEqual(values.calls, [500, 501])
  })
})
