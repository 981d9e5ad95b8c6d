/** What is known of the page that a snapshot came with. All may be left out. */
export interface HydrateOptions {
  /**
   * When the server began to make the page, in milliseconds: its `Date.now()`. A snapshot that is older
   * than the last one of a store is left out.
   */
  at?: number
  /**
   * Which version of the site wrote the snapshot. It is no version of the page's own scripts if it is left
   * out, and each value must be of the kind of its store.
   */
  build?: string
  /**
   * When the browser asked for the page: its `performance.now()`, 0 if it is left out. What the browser has
   * written to a store since then stays.
   */
  since?: number
}

/**
 * Gives the shared stores of a page what the server wrote into them. To be called before what reads them is
 * hydrated; a store that is shared later has its value from the beginning. `lagoon/astro` does it by itself.
 *
 * ```js
 * import { hydrate } from 'lagoon/client'
 *
 * hydrate(document.querySelector('#lagoon').textContent)
 * ```
 *
 * It can be called again, for what comes later or with another page. A value that the server has sent
 * before does not undo what the browser wrote since; a new one does, unless the browser wrote after it had
 * asked for it. The value with which a store begins is none that the server has sent.
 *
 * A value that does not fit its store, and a name that nobody has shared 10 seconds after the page was
 * loaded, is reported once with `console.error`; all others are taken. What a listener throws is reported
 * as any error of the page is.
 *
 * Throws a `TypeError` if that is no snapshot; nothing is written then.
 *
 * @param snapshot What `snapshot` or `changes` of a lagoon gave on the server.
 * @param options What is known of the page.
 */
export function hydrate(snapshot: string, options?: HydrateOptions): void
