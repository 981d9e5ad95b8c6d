// The library that the tests beside the modules run on: Lagoon, or with LAGOON_LIBRARY=nanostores
// the published Nano Stores, so that a test tells the truth about both.

import { test } from 'node:test'

export const isLagoon = process.env.LAGOON_LIBRARY !== 'nanostores'

export const {
  allTasks,
  atom,
  batch,
  batched,
  clean,
  cleanStores,
  cleanTasks,
  computed,
  deepMap,
  effect,
  getKey,
  getPath,
  keepMount,
  listenKeys,
  map,
  mapCreator,
  onMount,
  onNotify,
  onSet,
  onStart,
  onStop,
  readonlyType,
  setByKey,
  setPath,
  startTask,
  STORE_UNMOUNT_DELAY,
  subscribeKeys,
  task
} = await import(isLagoon ? '../js/index.js' : 'nanostores')

/** A test of what Lagoon does otherwise than Nano Stores, on purpose. */
export const difference = (name, run) =>
  test(name, { skip: isLagoon ? false : 'Nano Stores differs here' }, run)

/** A listener that keeps the arguments of its calls in `calls`. */
export const recorder = () => {
  const calls = []
  return Object.assign((...args) => void calls.push(args), { calls })
}

/** Keeps deprecation warnings off the console. Returns the headings of those that came. */
export const silenceConsole = () => {
  const headings = []
  console.groupCollapsed = heading => headings.push(heading)
  console.trace = console.groupEnd = () => {}
  return headings
}

/** Runs `body` in a Node of its own, where `library` is the library under test. Returns its output. */
export const runInNode = async (body, { env = {}, flags = [] } = {}) => {
  const { execFileSync } = await import('node:child_process')
  const script = `import * as library from ${JSON.stringify(import.meta.url)}\n${body}`
  return execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit']
  })
}
