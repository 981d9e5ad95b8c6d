/** A promise that `task` made; a computed waits for it. */
export interface Task<Value> extends Promise<Value> {
  t: true
}

/**
 * Begins a task that has no promise. `allTasks` waits for it to end.
 *
 * ```js
 * import { startTask } from 'lagoon'
 *
 * function load() {
 *   const end = startTask()
 *   fetchPrice(price => {
 *     shownPrice.set(price)
 *     end()
 *   })
 * }
 * ```
 *
 * It never throws.
 *
 * @returns Ends the task; call it exactly once. After `cleanTasks` it does nothing.
 */
export function startTask(): () => void

/**
 * Begins a task that ends when a promise settles, or at once if the function returns no promise.
 * `allTasks` waits for it.
 *
 * ```js
 * import { onMount, task } from 'lagoon'
 *
 * onMount(shownPrice, () => {
 *   task(async () => {
 *     const answer = await fetch('/price')
 *     shownPrice.set(await answer.json())
 *   })
 * })
 * ```
 *
 * Throws what the function throws; the promise is rejected as the function's is. The task has ended
 * either way.
 *
 * @param fn Does the work. It is called at once, with nothing.
 * @returns A promise of what the function returns.
 */
export function task<Return = never>(fn: () => Promise<Return> | Return): Task<Return>

/**
 * Waits until no task is running, also none that began meanwhile. A server or a test waits for its
 * stores with it.
 *
 * ```js
 * import { allTasks, keepMount } from 'lagoon'
 *
 * keepMount(shownPrice)
 * await allTasks()
 * const html = draw(shownPrice.get())
 * ```
 *
 * It never throws, and a task that fails is one that has ended.
 *
 * @returns A promise without a value. It is never rejected.
 */
export function allTasks(): Promise<void>

/**
 * Forgets the running tasks, between two tests: those who wait for them go on, and their ends count
 * no more. `cleanStores` does it, too. It never throws.
 *
 * ```js
 * import { cleanTasks } from 'lagoon'
 * import { afterEach } from 'node:test'
 *
 * afterEach(cleanTasks)
 * ```
 */
export function cleanTasks(): void
