import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { allTasks, atom, cleanTasks, isLagoon, onMount, startTask, task } from '../tests/library.js'

afterEach(cleanTasks)

// Whether a promise is settled by now.
const isSettled = async promise => {
  let settled = false
  promise.finally(() => {
    settled = true
  })
  await new Promise(setImmediate)
  return settled
}

test(
  'a task ends once',
  { skip: isLagoon ? false : 'a second call ends another task there' },
  async () => {
    const [end, endOther] = [startTask(), startTask()]
    end()
    end()
    const all = allTasks()
    assert.equal(await isSettled(all), false)
    endOther()
    endOther()
    assert.equal(await isSettled(all), true)
    startTask()()
    assert.equal(await isSettled(allTasks()), true)
  }
)

test('allTasks does not wait when no task is running', async () => {
  assert.equal(await allTasks(), undefined)
})

test('allTasks waits until each task has ended', async () => {
  const ends = [startTask(), startTask()]
  const all = allTasks()
  assert.equal(await isSettled(all), false)
  ends[0]()
  assert.equal(await isSettled(all), false)
  ends[1]()
  assert.equal(await all, undefined)
})

test('allTasks waits for tasks that begin meanwhile', async () => {
  const endFirst = startTask()
  const all = allTasks()
  const endSecond = startTask()
  endFirst()
  assert.equal(await isSettled(all), false)
  endSecond()
  assert.equal(await isSettled(all), true)
})

test('several can wait', async () => {
  const end = startTask()
  const all = Promise.all([allTasks(), allTasks()])
  end()
  assert.deepEqual(await all, [undefined, undefined])
})

test('task runs its function at once and returns its value later', async () => {
  let running = false
  const promise = task(async () => {
    running = true
    return 'done'
  })
  assert.equal(running, true)
  assert.equal(promise.t, true)
  assert.ok(promise instanceof Promise)
  assert.equal(await promise, 'done')
})

test('task takes a function that returns no promise', async () => {
  assert.equal(await task(() => 1), 1)
  await allTasks()
})

test('allTasks waits for the function of a task', async () => {
  const order = []
  task(async () => {
    await new Promise(setImmediate)
    order.push('task')
  })
  await allTasks()
  order.push('all')
  assert.deepEqual(order, ['task', 'all'])
})

test('tasks may be nested', async () => {
  const order = []
  task(async () => {
    await task(async () => {
      await new Promise(setImmediate)
      order.push('inner')
    })
    order.push('outer')
  })
  await allTasks()
  assert.deepEqual(order, ['inner', 'outer'])
})

test('a task that is rejected has ended, and says why', async () => {
  const promise = task(async () => {
    throw new Error('late')
  })
  await assert.rejects(promise, { message: 'late' })
  await allTasks()
})

test('a task that throws at once has ended, and throws', async () => {
  assert.throws(
    () =>
      task(() => {
        throw new Error('early')
      }),
    { message: 'early' }
  )
  await allTasks()
})

test('a store that loads its value in a task is ready after allTasks', async () => {
  const store = atom('loading')
  onMount(store, () => {
    task(async () => {
      await new Promise(setImmediate)
      store.set('loaded')
    })
  })
  const unbind = store.listen(() => {})
  await allTasks()
  assert.equal(store.get(), 'loaded')
  unbind()
})

test('cleanTasks lets all who wait go on', async () => {
  startTask()
  const all = allTasks()
  cleanTasks()
  await all
  await allTasks()
})

test('a task from before cleanTasks does not end one from after', async () => {
  const endOld = startTask()
  cleanTasks()
  const endNew = startTask()
  const all = allTasks()
  endOld()
  assert.equal(await isSettled(all), false)
  endNew()
  assert.equal(await isSettled(all), true)
})
