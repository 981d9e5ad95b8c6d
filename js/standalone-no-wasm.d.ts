/**
 * What `lagoon/standalone` is, with the engine as JavaScript: for a page whose
 * `Content-Security-Policy` has no `'wasm-unsafe-eval'`, or whose visitors have no WebAssembly.
 *
 * ```html
 * <!doctype html>
 * <p></p>
 * <script type="module" src="/page.js"></script>
 * ```
 *
 * ```js
 * // page.js
 * import { atom, bindText } from './node_modules/lagoon/standalone-no-wasm.js'
 *
 * bindText(document.querySelector('p'), atom('no WebAssembly'))
 * ```
 */
export * from './standalone.js'
