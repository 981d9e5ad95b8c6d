// Counts asynchronous work, so that a server or a test can wait for it.
import { perLagoon } from '#lagoons'
import { needFunction } from './fail.js'

// The copies of the package on a server count together.
const counts = perLagoon(() => ({ running: 0, generation: 0, waiting: [] }), 'tasks')

const release = count => {
  count.running = 0
  let resolves = count.waiting
  count.waiting = []
  for (let resolve of resolves) resolve()
}

export function startTask() {
  let count = counts()
  let startedIn = count.generation
  let isOn = true
  count.running++
  return () => {
    // Called twice, it would end another task
    if (isOn && startedIn === count.generation && !--count.running) release(count)
    isOn = false
  }
}

export function task(fn) {
  if (typeof fn !== 'function' && process.env.NODE_ENV !== 'production') needFunction(fn, 'task()')
  let end = startTask()
  try {
    let promise = Promise.resolve(fn()).finally(end)
    promise.t = true
    return promise
  } catch (error) {
    end()
    throw error
  }
}

export function allTasks() {
  let { running, waiting } = counts()
  return running ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve()
}

export function cleanTasks() {
  let count = counts()
  count.generation++
  release(count)
}
