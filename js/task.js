// Counts asynchronous work, so that a server or a test can wait for it.
import { needFunction } from './fail.js'

let running = 0
let generation = 0
let waiting = []

const release = () => {
  running = 0
  let resolves = waiting
  waiting = []
  for (let resolve of resolves) resolve()
}

export function startTask() {
  let startedIn = generation
  running++
  return () => {
    if (startedIn === generation && !--running) release()
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
  return running ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve()
}

export function cleanTasks() {
  generation++
  release()
}
