import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { allTasks, atom, computed, effect, map, share, startTask, task } from './index.js'
import { createLagoon } from './server.js'
import { shared } from './share.js'

afterEach(() => shared.clear())

test('what a function awaits is in the lagoon', async () => {
  const $user = atom('nobody')
  const $greeting = computed($user, user => `Hello ${user}`)
  const greet = async user => {
    $user.set(user)
    await sleep(5)
    assert.equal($user.get(), user)
    await Promise.all([sleep(1), sleep(2)])
    await new Promise(resolve => setImmediate(resolve))
    return $greeting.get()
  }
  const users = ['Ada', 'Grace', 'Barbara']
  assert.deepEqual(
    await Promise.all(users.map(user => createLagoon().run(greet, user))),
    users.map(user => `Hello ${user}`)
  )
  assert.equal($greeting.get(), 'Hello nobody')
})

test('1,000 at once, with tasks and computeds, keep their secrets', async () => {
  const $secret = atom('')
  const $all = map({})
  const $length = computed(() => $secret.get().length + Object.keys($all.get()).length)
  const seen = []
  const request = async number => {
    const secret = `${number}`.padStart(4 + (number % 7), '-')
    $secret.set(secret)
    const end = effect(() => {
      if ($secret.get() !== secret) seen.push($secret.get())
    })
    for (let key = 0; key < 4; key++) {
      $all.setKey(`${number}-${key}`, secret)
      await task(() => sleep(Math.random() * 10))
      const keys = Object.keys($all.get())
      if (keys.length !== key + 1 || $all.value !== $all.get()) seen.push(keys)
      if ($secret.get() !== secret || $length.get() !== secret.length + key + 1) seen.push(secret)
    }
    end()
  }
  await Promise.all(Array.from({ length: 1000 }, (_, i) => createLagoon().run(request, i)))
  assert.deepEqual(seen, [])
})

test('allTasks() waits for the tasks of the lagoon alone', async () => {
  const ends = { outside: startTask() }
  const [first, second] = [createLagoon(), createLagoon()]
  ends.first = first.run(startTask)
  let isDone = false
  const done = first.allTasks().then(() => {
    isDone = true
  })
  await second.allTasks()
  assert.equal(isDone, false)
  // It ends its own task, wherever it is called
  second.run(ends.first)
  await done
  assert.equal(isDone, true)
  ends.outside()
  await allTasks()
})

test('a snapshot has what was read or written, and no computeds', () => {
  const $read = share('read', atom(1))
  const $written = share('written', map({ a: 1 }))
  share('untouched', atom(1))
  const $double = share(
    'double',
    computed($read, value => value * 2)
  )
  const $tracked = share(
    'tracked',
    computed(() => $read.get() * 2)
  )
  const lagoon = createLagoon()
  assert.equal(lagoon.snapshot(), '{}')
  assert.equal(lagoon.changes(), '')
  lagoon.run(() => {
    $written.setKey('a', 2)
    $double.get()
    $tracked.get()
  })
  assert.equal(lagoon.snapshot(), '{"written":[{"a":1},2],"read":[1]}')
  assert.equal(lagoon.changes(), lagoon.snapshot())
  assert.equal(lagoon.changes(), '')
  lagoon.run(() => $read.set(3))
  assert.equal(lagoon.changes(), '{"read":[3]}')
  assert.equal(createLagoon().snapshot(), '{}')
})

test('changes() that fail are not lost', () => {
  const $value = share('value', atom())
  const lagoon = createLagoon()
  lagoon.run(() => $value.set(() => {}))
  assert.throws(lagoon.changes, /the shared store 'value' can't be sent/)
  assert.throws(lagoon.snapshot, /the shared store 'value' can't be sent/)
  lagoon.run(() => $value.set(1))
  assert.equal(lagoon.changes(), '{"value":[1]}')
})

test('hydrate() writes what fits, and reports the rest', t => {
  const $count = share('count', atom(0))
  const $cart = share('cart', map({}))
  share(
    'double',
    computed($count, count => count * 2)
  )
  const error = t.mock.method(console, 'error', () => {})
  const lagoon = createLagoon()
  lagoon.hydrate('{"count":[2],"cart":["text"],"unknown":[1],"double":[1],"__proto__":[1]}')
  assert.deepEqual(
    lagoon.run(() => [$count.get(), $cart.get()]),
    [2, {}]
  )
  assert.equal($count.get(), 0)
  const reports = error.mock.calls.map(({ arguments: [text] }) => text)
  assert.equal(reports.length, 4)
  assert.match(reports[0], /value for 'cart' is left out: it has another shape/)
  assert.match(reports[1], /value for 'unknown' is left out: no store is shared by that name/)
  lagoon.hydrate('{"unknown":[1],"count":[["Nope",1]],"cart":[{"a":1},2]}')
  assert.equal(error.mock.calls.length, 5, 'one more, and each name once')
  assert.deepEqual(
    lagoon.run(() => [$count.get(), $cart.get()]),
    [2, { a: 2 }]
  )
  assert.throws(() => lagoon.hydrate('count'), /hydrate\(\) needs the text that snapshot\(\) gave/)
})

// Garbage is collected when the context of the last promise is gone
const heap = async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let i = 0; i < 4; i++) {
    collect()
    await sleep(1)
  }
  return process.memoryUsage().heapUsed
}

test('a request that has ended leaves nothing, whatever it has forgotten to end', async t => {
  const $count = share('count', atom(0))
  const $double = computed($count, count => count * 2)
  const requests = async count => {
    // The unmount delay is over at once
    t.mock.timers.enable({ apis: ['setTimeout'] })
    for (let i = 0; i < count; i++) {
      await createLagoon().run(async () => {
        $count.set(i)
        $double.listen(() => $count.get())
        effect(() => $double.get())
        effect([$count], () => {})
        startTask()
        atom(i).listen(() => {})
        await Promise.resolve()
        $double.get()
      })
    }
    t.mock.timers.tick(2000)
    t.mock.timers.reset()
  }
  await requests(2000)
  const before = await heap()
  await requests(4000)
  const after = await heap()
  // 4,000 of them would be tens of megabytes
  assert.ok(after - before < 2e6, `${(after - before) / 1e6} MB more`)
})
