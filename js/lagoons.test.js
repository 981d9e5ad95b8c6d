import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { generate, random } from '../tests/programs.js'
import { playAtOnce } from '../tests/spec.js'
import * as library from './index.js'
import { createLagoon } from './server.js'
import { derived, writable } from './svelte-store.js'

const { atom, batch, computed, deepMap, effect, map, onMount, untracked } = library

const sum = (...values) => values.reduce((total, value) => total + value, 0)

// Stores of all kinds, as a module would make them.
const makeStores = () => {
  const $atom = atom(1)
  const $map = map({ a: 1, b: 2 })
  const $deep = deepMap({ a: { b: 1 } })
  const $writable = writable(1)
  const $list = computed([$atom, $map], (value, { a }) => value + a)
  const $tracked = computed(() => ($atom.get() % 2 ? $map.get().b : $list.get()))
  const $failing = computed(() => {
    if ($atom.get() === 3) throw new Error('three')
    return $deep.get().a.b + $tracked.get()
  })
  const $derived = derived([$writable, $atom], sum)
  const $below = computed([$derived, $list, $writable], sum)
  onMount($map, () => {
    $map.setKey('mounts', ($map.get().mounts ?? 0) + 1)
  })
  return { $atom, $map, $deep, $writable, $list, $tracked, $failing, $derived, $below }
}

// What somebody does with the stores: the same random numbers do the same.
const makeUser = (stores, random) => {
  const all = Object.values(stores)
  const log = []
  const ends = []
  const attempt = fn => {
    try {
      fn()
    } catch (error) {
      log.push(error.message)
    }
  }
  const write = () => {
    const value = random.below(4)
    const [$store, set] = random.pick([
      [stores.$atom, () => stores.$atom.set(value)],
      [stores.$map, () => stores.$map.setKey(random.pick(['a', 'b']), value)],
      [stores.$deep, () => stores.$deep.setKey('a.b', value)],
      [stores.$writable, () => stores.$writable.update(old => old + value)]
    ])
    set()
    log.push($store.lc)
  }
  const acts = [
    write,
    write,
    () => log.push(random.pick(all).get()),
    () => log.push(random.pick(all).value),
    () => ends.push(random.pick(all).listen((...args) => log.push(args))),
    () => ends.push(random.pick(all).subscribe(value => log.push(value))),
    () => {
      const $store = random.pick(all)
      ends.push(effect(() => void log.push($store.get())))
    },
    () => {
      const from = [random.pick(all), random.pick(all)]
      ends.push(effect(from, (a, b) => void log.push(a, b)))
    },
    () => batch(() => [write(), write()]),
    () => ends.splice(random.below(ends.length), 1)[0]?.()
  ]
  return { act: () => attempt(random.pick(acts)), ends, log }
}

test('what happens in one lagoon does not show in another, in 300 random histories', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const shared = makeStores()
    // From here on what the first one writes is no business of the others
    createLagoon().run(() => Object.values(shared).forEach($store => $store.get()))
    const users = Array.from({ length: 3 }, (_, i) => {
      const seedOfUser = seed * 10 + i
      const lagoon = i && createLagoon()
      return {
        // The first stays in the lagoon of the process
        run: i ? lagoon.run : fn => fn(),
        ours: makeUser(shared, random(seedOfUser)),
        alone: makeUser(makeStores(), random(seedOfUser))
      }
    })
    const { below, pick } = random(seed)
    for (let step = 0; step < 80; step++) {
      const { run, ours, alone } = pick(users)
      run(ours.act)
      alone.act()
      assert.deepEqual(ours.log, alone.log, `seed ${seed}, step ${step}`)
      if (below(30) === 0) {
        // What ends a listener does so wherever it is called
        const { ours, alone } = pick(users.slice(1))
        ours.ends.shift()?.()
        alone.ends.shift()?.()
      }
    }
    for (const { run, ours, alone } of users) {
      run(() => ours.ends.forEach(end => end()))
      alone.ends.forEach(end => end())
      assert.deepEqual(ours.log, alone.log, `seed ${seed}, at the end`)
    }
  }
})

test('random programs leave the same trace inside and outside of a lagoon', () => {
  for (let seed = 1; seed <= 300; seed++) {
    // A lagoon has one unmount delay at a time for a store
    const { steps, ...rest } = generate(seed)
    const program = { ...rest, steps: steps.filter(step => !/tick /.test(JSON.stringify(step))) }
    const inside = createLagoon().run(() => playAtOnce(program, library))
    assert.deepEqual(inside, playAtOnce(program, library), program.name)
  }
})

test('a store begins with what its module gave it, and not with what is written later', () => {
  const $count = atom(1)
  const $double = computed($count, count => count * 2)
  $count.set(2)
  const first = createLagoon()
  assert.equal(first.run($double.get), 4)
  $count.set(3)
  assert.equal(first.run($double.get), 4)
  assert.equal(createLagoon().run($double.get), 4)
  assert.equal($double.get(), 6)
})

test('a computed begins without a value', () => {
  const $count = atom(1)
  for (const $double of [computed($count, value => value * 2), computed(() => $count.get() * 2)]) {
    assert.equal($double.get(), 2)
    createLagoon().run(() => assert.equal($double.value, undefined))
  }
})

test('fields are those of the lagoon', () => {
  const $count = atom(1)
  const lagoon = createLagoon()
  lagoon.run(() => {
    $count.listen(() => {})
    $count.value = 5
    assert.deepEqual([$count.lc, $count.value, $count.get()], [1, 5, 5])
  })
  assert.deepEqual([$count.lc, $count.value, $count.get()], [0, 1, 1])
})

test('a lagoon in the middle of an update of another', () => {
  const $count = atom(0)
  const other = createLagoon()
  const calls = []
  other.run(() => $count.listen(value => calls.push(`other ${value}`)))
  createLagoon().run(() => {
    $count.listen(value => {
      calls.push(`first ${value}`)
      other.run(() => $count.set(value * 10))
    })
    $count.listen(value => calls.push(`second ${value}`))
    batch(() => {
      $count.set(1)
      other.run(() => $count.set(5))
    })
  })
  assert.deepEqual(calls, ['other 5', 'first 1', 'other 10', 'second 1'])
})

test('a computed does not track what another lagoon reads for it', () => {
  const $count = atom(0)
  const lagoon = createLagoon()
  let runs = 0
  const end = effect(() => {
    runs++
    lagoon.run(() => $count.get())
  })
  $count.set(1)
  lagoon.run(() => $count.set(1))
  assert.equal(runs, 1)
  end()
  assert.throws(() => lagoon.run('fn'), /run\(\) of a lagoon needs a function, not 'fn'/)
  assert.equal(
    untracked(() => lagoon.run((a, b) => a + b, 1, 2)),
    3
  )
})

test('the unmount delay runs in its lagoon', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const $count = atom(0)
  const calls = []
  onMount($count, () => {
    calls.push(`mount ${$count.value}`)
    return () => calls.push(`unmount ${$count.value}`)
  })
  createLagoon().run(() => {
    $count.set(1)
    $count.listen(() => {})()
  })
  $count.listen(() => {})
  assert.deepEqual(calls, ['mount 1', 'mount 0'])
  t.mock.timers.tick(1000)
  assert.deepEqual(calls, ['mount 1', 'mount 0', 'unmount 1'])
})

test('stores of a map creator belong to the lagoon', () => {
  const User = library.mapCreator()
  const $outside = User('1')
  const lagoon = createLagoon()
  const $inside = lagoon.run(() => User('1'))
  assert.notEqual($inside, $outside)
  assert.equal(
    lagoon.run(() => User('1')),
    $inside
  )
  assert.equal(User('1'), $outside)
})

test('perLagoon() keeps one for each', () => {
  const cache = library.perLagoon(() => new Map())
  cache().set('key', 'outside')
  const [first, second] = [createLagoon(), createLagoon()]
  first.run(() => cache().set('key', 'first'))
  assert.equal(
    first.run(() => cache().get('key')),
    'first'
  )
  assert.equal(
    second.run(() => cache().size),
    0
  )
  assert.equal(cache().get('key'), 'outside')
})

test('a function that listens in several lagoons leaves each for itself', () => {
  const $first = atom(0)
  const $second = atom(0)
  const calls = []
  const listener = value => calls.push(value)
  const lagoons = [createLagoon(), createLagoon(), createLagoon()]
  // In each it has another node, and what it leaves first differs
  const stops = lagoons.map((lagoon, i) =>
    lagoon.run(() => {
      for (let k = 0; k < i; k++) $first.listen(() => {})
      return [$first.listen(listener), $second.listen(listener)]
    })
  )
  const writeAll = () => {
    calls.length = 0
    for (const lagoon of lagoons) {
      lagoon.run(() =>
        batch(() => {
          $first.set($first.get() + 1)
          $second.set($second.get() + 1)
        })
      )
    }
    return calls.length
  }
  assert.equal(writeAll(), 3)
  for (const at of [1, 0, 2]) {
    const [stopFirst, stopSecond] = stops[at]
    const before = writeAll()
    stopSecond()
    assert.equal(writeAll(), before)
    stopFirst()
    assert.equal(writeAll(), before - 1)
  }
  // A lagoon may go without an end of what listens in it
  createLagoon().run(() => $first.listen(listener))
  const stop = $first.listen(listener)
  $first.set(10)
  assert.deepEqual(calls, [10])
  stop()
  $first.set(11)
  assert.deepEqual(calls, [10])
})

test('a store that a package writes past set() before anybody uses it', () => {
  const $map = atom({ a: 1 })
  const [first, second] = [createLagoon(), createLagoon()]
  const write = value => {
    const oldValue = $map.value
    $map.value = { a: value }
    $map.notify(oldValue, 'a')
  }
  first.run(write, 'secret')
  assert.deepEqual(
    [first, second].map(({ run }) => run(() => $map.get().a)),
    ['secret', 1]
  )
  assert.equal($map.get().a, 1)
})

test('what began before there was a lagoon, and is ended in one', async () => {
  // Only a new process has none yet
  const program = `
    import { atom, computed, effect } from './js/index.js'
    import { createLagoon } from './js/server.js'
    const $count = atom(1)
    const $double = computed($count, count => count * 2)
    const calls = []
    const ends = [
      effect(() => void calls.push($double.get())),
      $count.listen(count => calls.push(count))
    ]
    const lagoon = createLagoon()
    const inside = []
    lagoon.run(() => $double.subscribe(value => inside.push(value)))
    lagoon.run(() => ends.forEach(end => end()))
    $count.set(2)
    lagoon.run(() => $count.set(3))
    console.log(JSON.stringify([calls, inside, $count.lc]))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: new URL('..', import.meta.url), timeout: 20_000 }
  )
  // The effect's computed is mounted for a second
  assert.deepEqual(JSON.parse(stdout), [[2], [2, 6], 1])
})

test('a function taken along from another lagoon is not tracked', () => {
  const $count = atom(0)
  const [first, second] = [createLagoon(), createLagoon()]
  const readInFirst = first.run(() => AsyncLocalStorage.snapshot())
  let runs = 0
  second.run(() =>
    effect(() => {
      runs++
      readInFirst(() => $count.get())
    })
  )
  first.run(() => $count.set(1))
  second.run(() => $count.set(1))
  assert.equal(runs, 1)
})

test('a tracked computed that is made in a lagoon follows its stores outside', () => {
  let $a = atom(1)
  let $double
  createLagoon().run(() => {
    $double = computed(() => $a.get() * 2)
  })
  let told = []
  $double.listen(value => told.push(value))
  $a.set(5)
  assert.deepEqual(told, [10])
})

test('an effect that is made in another lagoon than the one around it', () => {
  let $a = atom(0)
  // Nodes of the one lagoon are none, or free ones, in the other
  for (let count = 0; count < 12; count++) {
    let [lagoon, other] = [createLagoon(), createLagoon()]
    let inOther = other.run(() => AsyncLocalStorage.snapshot())
    let runs = []
    inOther(() => {
      let stops = Array.from({ length: 8 }, () => effect(() => $a.get()))
      batch(() => {
        $a.set(1)
        stops.forEach(stop => stop())
      })
    })
    lagoon.run(() => {
      for (let i = 0; i < count; i++) effect(() => {})
      effect(() => {
        inOther(() => effect(() => runs.push($a.get())))
      })
    })
    other.run(() => $a.set(2))
    assert.deepEqual(runs, [1, 2])
  }
})

test('a listener that writes the same store in another lagoon, and ends listeners there', () => {
  let $a = atom(0)
  let [lagoon, other] = [createLagoon(), createLagoon()]
  let calls = []
  let listen = (where, name) =>
    where.run(() => $a.listen((value, oldValue) => calls.push(`${name} ${oldValue} to ${value}`)))
  let stopOthers = []
  lagoon.run(() =>
    $a.listen(value => {
      if (value < 2) other.run(() => $a.set(10 * value))
      else for (let stop of stopOthers) stop()
    })
  )
  listen(lagoon, 'first')
  listen(lagoon, 'second')
  stopOthers.push(listen(other, 'its first'), listen(other, 'its second'))
  lagoon.run(() => $a.set(1))
  lagoon.run(() => $a.set(2))
  other.run(() => $a.set(30))
  assert.deepEqual(calls, [
    'its first 0 to 10',
    'its second 0 to 10',
    'first 0 to 1',
    'second 0 to 1',
    'first 1 to 2',
    'second 1 to 2'
  ])
})
