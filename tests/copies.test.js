// Several copies of the package on one page: two bundles of Lagoon, or Lagoon beside the published Nano
// Stores. They must agree as two copies of Nano Stores do, by the epoch that all of them count.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ALL, difference, generate, shrink } from './programs.js'
import { playAtOnce } from './spec.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}build/copies/`
after(() => rmSync(folder, { recursive: true, force: true }))

// A bundle as a page would have it, imported
const bundle = async (name, library, mode, platform = 'browser') => {
  const outfile = `${folder}${name}.mjs`
  await build({
    stdin: { contents: `export * from '${library}'`, resolveDir: `${root}tests` },
    bundle: true,
    platform,
    format: 'esm',
    minify: mode === 'production',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    outfile
  })
  return import(pathToFileURL(outfile))
}

const lagoon = await bundle('lagoon', '../js/index.js', 'development')
const lagoon2 = await bundle('lagoon2', '../js/index.js', 'production')
const nano = await bundle('nano', 'nanostores', 'development')
const nano2 = await bundle('nano2', 'nanostores', 'production')

const PAIRS = {
  'two copies of Nano Stores': [nano, nano2],
  'two copies of Lagoon': [lagoon, lagoon2],
  'Lagoon on stores of Nano Stores': [lagoon, nano],
  'Nano Stores on stores of Lagoon': [nano, lagoon]
}

test('the copies are copies', () => {
  assert.notEqual(lagoon.atom, lagoon2.atom)
  assert.notEqual(nano.atom, nano2.atom)
  assert.ok('node' in lagoon2.atom() && !('node' in nano2.atom()))
})

for (const [name, [mine, theirs]] of Object.entries(PAIRS)) {
  describe(name, () => {
    test('a store is read and listened to', () => {
      const $a = theirs.atom(1)
      const $double = theirs.computed($a, value => value * 2)
      const values = []
      const unbind = mine.effect([$a, $double], (a, b) => void values.push([a, b]))
      mine.keepMount($double)
      $a.set(2)
      assert.deepEqual(values.at(-1), [2, 4])
      unbind()
      assert.equal($a.lc, 1)
      assert.equal($double.lc, 1)
    })

    test('a computed is derived from it, mounted and unmounted, and no more often than needed', () => {
      const $a = theirs.atom(1)
      const $b = mine.atom(10)
      const $double = theirs.computed($a, value => value * 2)
      let runs = 0
      const $sum = mine.computed([$a, $double, $b], (a, double, b) => {
        runs++
        return a + double + b
      })
      assert.equal($sum.get(), 13)
      $a.set(2)
      assert.equal($sum.get(), 16)
      assert.equal($sum.get(), 16)
      assert.equal(runs, 2)

      const values = []
      const unbind = $sum.subscribe(value => values.push(value))
      $a.set(3)
      $b.set(20)
      assert.deepEqual(values, [16, 19, 29])
      assert.equal(runs, 4)
      unbind()
      $a.set(4)
      assert.equal($sum.get(), 32)
    })

    test('a computed of the one, of a computed of the other, of the first again', () => {
      const $a = mine.atom(1)
      const $b = theirs.computed($a, value => value + 1)
      const $c = mine.computed([$a, $b], (a, b) => `${a} ${b}`)
      const values = []
      $c.subscribe(value => values.push(value))
      $a.set(2)
      $a.set(3)
      assert.deepEqual(values, ['1 2', '2 3', '3 4'])
      assert.deepEqual([$b.get(), $c.get()], [4, '3 4'])
    })

    test('a listener of a source reads another computed of it, in the middle of an update', () => {
      const $a = theirs.atom(1)
      const $late = theirs.batched($a, value => value)
      for (const list of [$late, [$late]]) {
        const $next = mine.computed(list, value => value + 1)
        const $tenfold = mine.computed($next, value => value * 10)
        const $hundredfold = mine.computed($next, value => value * 100)
        const errors = []
        const unbind = $late.listen(() => {
          try {
            $hundredfold.get()
          } catch (error) {
            errors.push(error)
          }
        })
        $next.listen(() => {})
        $a.set($a.get() + 1)
        const value = $a.get() + 1
        $tenfold.listen(() => {})
        assert.deepEqual(errors, [])
        assert.deepEqual([$tenfold.get(), $hundredfold.get()], [value * 10, value * 100])
        unbind()
      }
    })

    test('in a batch its values are those that were written, and at the end all is delivered', () => {
      const $a = theirs.atom(1)
      const $b = mine.atom(1)
      const $sum = mine.computed([$a, $b], (a, b) => a + b)
      const values = []
      $sum.listen(value => values.push(value))
      mine.batch(() => {
        $a.set(2)
        $b.set(2)
        assert.equal($sum.get(), 4)
      })
      theirs.batch(() => {
        $a.set(3)
        $b.set(3)
        assert.equal($sum.get(), 6)
      })
      assert.equal(values.at(-1), 6)
      assert.equal($sum.value, 6)
    })

    test('a listener that reads in the middle of an update of the other copy ends up right', () => {
      const $a = mine.atom(1)
      const $double = theirs.computed($a, value => value * 2)
      const $sum = mine.computed([$a, $double], (a, double) => a + double)
      const $text = mine.computed($sum, sum => `sum ${sum}`)
      const values = []
      theirs.effect([$text, $double], (...args) => void values.push(args))
      $a.set(2)
      assert.deepEqual(values[0], ['sum 3', 2])
      assert.deepEqual(values.at(-1), ['sum 6', 4])
    })

    test('what a listener of a computed writes is lost only if Nano Stores computes', () => {
      const $a = theirs.atom(1)
      const $b = mine.computed($a, value => value * 10)
      const values = []
      $b.listen(value => {
        values.push(value)
        $a.set(2)
      })
      $a.set(3)
      assert.deepEqual(values, mine === nano ? [30] : [30, 20])
      assert.equal($b.get(), mine === nano ? 30 : 20)
    })

    test('its keys and events are listened to', () => {
      const $map = theirs.map({ a: 1, b: 1 })
      const calls = []
      mine.onMount($map, () => {
        calls.push('mount')
        return () => calls.push('unmount')
      })
      mine.onSet($map, ({ changed, abort }) => changed === 'b' && abort())
      const unbind = mine.listenKeys($map, ['a'], ({ a, b }) => calls.push([a, b]))
      $map.setKey('a', 2)
      $map.setKey('b', 2)
      unbind()
      assert.deepEqual(calls.slice(0, 2), ['mount', [2, 1]])
      assert.deepEqual($map.get(), { a: 2, b: 1 })
    })
  })
}

for (const [name, [mine, theirs]] of Object.entries(PAIRS)) {
  test(`${name}: a computed of a computed is current in a batch of the other copy`, () => {
    const $a = theirs.atom(1)
    const $b = mine.computed($a, a => a * 10)
    const $c = mine.computed($b, b => b + 1)
    $c.listen(() => {})
    theirs.batch(() => {
      $a.set(2)
      assert.equal($c.get(), 21)
    })
    assert.equal($c.get(), 21)
  })
}

// A library of which every other function call goes to the other copy
const mix = (one, other) => {
  let calls = 0
  const mixed = { ...one }
  for (const name of ['atom', 'map', 'deepMap', 'computed', 'batch', 'effect', 'keepMount']) {
    mixed[name] = (...args) => (calls++ % 2 ? other : one)[name](...args)
  }
  for (const name of ['listenKeys', 'onMount', 'onStart', 'onStop', 'onSet', 'onNotify']) {
    mixed[name] = (...args) => (calls++ % 2 ? other : one)[name](...args)
  }
  return mixed
}

// Two copies of Nano Stores lose what a listener writes in the middle of an update of the other
const FEATURES = {
  ...ALL,
  batched: false,
  failing: false,
  reads: false,
  suppressed: false,
  throws: false,
  twins: false,
  writesInListeners: false
}

for (const [name, [one, other]] of Object.entries(PAIRS).slice(1)) {
  test(`${name}: 300 random programs make the calls of two copies of Nano Stores`, () => {
    const traces = (program, libraries) =>
      playAtOnce(program, mix(...libraries)).map(lines => lines.toSorted())
    const differs = program =>
      difference(traces(program, [nano, nano2]), traces(program, [one, other])) >= 0
    for (let seed = 1; seed <= 300; seed++) {
      const program = generate(seed, FEATURES)
      if (differs(program)) assert.fail(JSON.stringify(shrink(program, differs), null, 1))
    }
  })
}

describe('a function that tracks stores of another copy of Lagoon', () => {
  const { computed, effect, untracked } = lagoon

  test('follows them, and leaves them', () => {
    const $a = lagoon2.atom(1)
    const $b = lagoon2.map({ a: 1 })
    const $isOn = lagoon.atom(true)
    const values = []
    const stop = effect(() => void values.push($isOn.get() ? $a.get() : $b.get().a))
    $a.set(2)
    $b.setKey('a', 2)
    assert.deepEqual(values, [1, 2])
    assert.deepEqual([$a.lc, $b.lc], [1, 0])
    $isOn.set(false)
    $a.set(3)
    $b.setKey('a', 3)
    assert.deepEqual(values, [1, 2, 2, 3])
    assert.deepEqual([$a.lc, $b.lc], [0, 1])
    stop()
    assert.equal($b.lc, 0)
  })

  test('gives a computed that others can listen to, in either copy', () => {
    const $a = lagoon2.atom(1)
    const $double = computed(() => $a.get() * 2)
    const $text = lagoon2.computed(() => `${$a.get()} ${$double.get()}`)
    assert.equal($text.get(), '1 2')
    const values = []
    $text.listen(value => values.push(value))
    $a.set(2)
    assert.equal(values.at(-1), '2 4')
    lagoon.batch(() => {
      $a.set(3)
      $a.set(4)
    })
    assert.equal(values.at(-1), '4 8')
    assert.equal($double.get(), 8)
  })

  test('shares one listener among all that read the same store', () => {
    const $a = lagoon2.atom(1)
    const stops = [1, 2, 3].map(() => effect(() => void $a.get()))
    assert.equal($a.lc, 1)
    for (const stop of stops) stop()
    assert.equal($a.lc, 0)
  })

  test('does not follow what it reads untracked', () => {
    const $a = lagoon2.atom(1)
    let runs = 0
    const stop = effect(() => {
      runs++
      lagoon2.untracked(() => $a.get())
      untracked(() => $a.get())
    })
    $a.set(2)
    assert.equal(runs, 1)
    stop()
  })

  test('keeps its value in a batch of the other copy, and while what it reads fails', () => {
    const $a = lagoon2.atom(0)
    const $odd = lagoon2.computed(() => {
      if ($a.get() === 2) throw new Error('even')
      return $a.get()
    })
    const $double = computed(() => $odd.get() * 2)
    lagoon.keepMount($double)
    lagoon2.batch(() => {
      $a.set(1)
      assert.equal($double.get(), 0)
    })
    assert.equal($double.get(), 2)
    assert.throws(() => $a.set(2), /even/)
    assert.equal($double.get(), 2)
    $a.set(3)
    assert.equal($double.get(), 6)
  })

  test('is read in the middle of its run by a listener of the other copy, and ends up right', () => {
    const $a = lagoon.atom(1)
    const $double = lagoon2.computed($a, value => value * 2)
    const $sum = computed(() => $a.get() + $double.get())
    const $listed = computed($sum, sum => `sum ${sum}`)
    const $tracked = computed(() => `sum ${$sum.get()}`)
    for (const $derived of [$listed, $tracked, $sum]) {
      const values = []
      const stop = lagoon2.effect([$derived, $double], (...args) => void values.push(args))
      $a.set($a.get() + 1)
      assert.deepEqual(values.at(-1), [$derived.get(), $a.get() * 2])
      stop()
    }
    assert.deepEqual([$listed.get(), $tracked.get(), $sum.get()], ['sum 12', 'sum 12', 12])
  })

  test('owns the effects that the other copy makes in it', () => {
    const $a = lagoon.atom(1)
    const $b = lagoon2.atom(1)
    let runs = 0
    const stop = effect(() => {
      $a.get()
      lagoon2.effect(() => {
        runs++
        $b.get()
      })
    })
    $b.set(2)
    assert.equal(runs, 2)
    stop()
    $b.set(3)
    assert.equal(runs, 2)
    assert.equal($b.lc, 0)
  })
})

test('in development, a computed that tracks nothing says so', () => {
  const lines = []
  const { groupCollapsed, trace } = console
  console.groupCollapsed = line => lines.push(line)
  console.trace = () => {}
  try {
    const $a = nano.atom(1)
    const $double = lagoon.computed(() => $a.get() * 2)
    $double.name = 'double'
    assert.equal($double.get(), 2)
    assert.equal($double.get(), 2)
    lagoon2.computed(() => $a.get() * 2).get()
  } finally {
    Object.assign(console, { groupCollapsed, trace })
  }
  assert.equal(lines.length, 1)
  assert.match(lines[0], /^Lagoon: double has read no store/)
})

describe('two copies of Lagoon on a server', async () => {
  const one = await bundle('server1', '../js/index.js', 'development', 'node')
  const two = await bundle('server2', '../js/index.js', 'production', 'node')
  const { createLagoon } = await import('../js/server.js')

  test('a lagoon has values for the stores of all', async () => {
    const $one = one.atom(1)
    const $two = two.computed($one, value => value * 2)
    const $tracked = one.computed(() => $one.get() + $two.get())
    const visit = async value => {
      const calls = []
      const end = one.effect(() => void calls.push($two.get()))
      $one.set(value)
      await two.task(() => new Promise(resolve => setTimeout(resolve, 5)))
      assert.deepEqual(calls, [2, value * 2])
      assert.equal($tracked.get(), value * 3)
      end()
      return $two.value
    }
    const lagoons = [10, 20, 30].map(value => {
      const lagoon = createLagoon()
      return { lagoon, done: lagoon.run(visit, value) }
    })
    await lagoons[0].lagoon.allTasks()
    assert.deepEqual(await Promise.all(lagoons.map(({ done }) => done)), [20, 40, 60])
    assert.equal($tracked.get(), 3)
  })

  test('they have the same shared names', () => {
    const $count = one.share('count', one.atom(1))
    assert.throws(() => two.share('count', two.atom(1)), /two stores are shared as 'count'/)
    const lagoon = createLagoon()
    lagoon.run(() => $count.set(2))
    assert.equal(lagoon.snapshot(), '{"count":[2]}')
  })
})
