/**
 * The stores as one request sees them: values, listeners, timers and tasks are its own. When nothing refers
 * to it any more, and no timer or promise of it is pending, it is garbage with all that is in it.
 */
export interface Lagoon {
  /**
   * Calls a function for which this lagoon is the current one, and all that the function waits for, however
   * long: what stores give, what is written, who listens. Lagoons may be inside of others.
   *
   * Throws what the function throws.
   *
   * @param fn Is called at once, with the rest of the arguments.
   * @returns What the function returns, for an async function its promise.
   */
  run<Arguments extends unknown[], Result>(
    fn: (...args: Arguments) => Result,
    ...args: Arguments
  ): Result

  /**
   * Waits for the tasks of this lagoon alone: see `task` and `startTask`.
   *
   * @returns A promise, fulfilled when no task is running.
   */
  allTasks(): Promise<void>

  /**
   * The values of all shared stores that this lagoon has read or written, computeds not among them.
   *
   * Throws a `TypeError` that names the store if a value can't be sent.
   *
   * @returns JSON, for `hydrate`. There is no `<` in it, so it can stand in a `<script>` of a page.
   */
  snapshot(): string

  /**
   * What a snapshot would have that no call of `changes` has given yet: for a page that is sent in pieces.
   *
   * Throws as `snapshot` does, and gives the same the next time then.
   *
   * @returns JSON, for `hydrate`; an empty string if there is nothing.
   */
  changes(): string

  /**
   * Writes what is in a snapshot to the shared stores of this lagoon. What has an unknown name, or a
   * value of another kind than its store, is left out and reported with `console.error`.
   *
   * Throws a `TypeError` if that is no snapshot; nothing is written then.
   *
   * @param snapshot What `snapshot` or `changes` gave, in this process or another.
   */
  hydrate(snapshot: string): void
}

/**
 * Makes a lagoon for one request on a server. All stores have values of their own in it, those that modules
 * made included: each begins with what it had outside of lagoons when a lagoon first used it.
 *
 * ```js
 * import { atom, share } from 'lagoon'
 * import { createLagoon } from 'lagoon/server'
 *
 * const user = share('user', atom('nobody'))
 *
 * const lagoon = createLagoon()
 * await lagoon.run(async () => {
 *   user.set('Ada')
 *   await fetch('data:,') // others have their turn
 *   console.log(user.get()) // Ada
 * })
 * console.log(user.get()) // nobody
 * console.log(lagoon.snapshot()) // {"user":["Ada"]}
 * ```
 *
 * It needs `AsyncLocalStorage` of `node:async_hooks`: Node, Bun, Deno, and workerd with its flag `nodejs_compat`. All
 * copies of the package in the process take part. Listeners of a store's events (`onMount`, `onSet`, ...) belong to
 * the store, whichever lagoon adds them.
 *
 * @returns The lagoon. Nobody has to end it.
 */
export function createLagoon(): Lagoon
