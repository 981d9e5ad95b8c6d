import type { AstroIntegration } from 'astro'

/** See the integration. */
export interface LagoonOptions {
  /**
   * Whether browsers get the engine as WebAssembly. Left out, they do unless `security.csp` is set, because
   * a Content-Security-Policy refuses WebAssembly that it does not allow by `'wasm-unsafe-eval'`. `false`
   * is for a policy that Astro does not know; `true` for one that allows it.
   */
  wasm?: boolean
}

/**
 * The integration for Astro. Each request has values of its own in all stores. What the server writes to
 * shared stores is in the page, and islands hydrate with it; a shared store can be a prop of a component of
 * React, Preact, Solid, Svelte or Vue; `<Live>` shows one in an `.astro` file.
 *
 * ```js
 * // astro.config.js
 * import { defineConfig } from 'astro/config'
 * import lagoon from 'lagoon/astro'
 *
 * export default defineConfig({ integrations: [lagoon()] })
 * ```
 *
 * A value that can't be sent fails the request, with an error that names the store.
 *
 * @param options Mostly none.
 */
export default function lagoon(options?: LagoonOptions): AstroIntegration
