/**
 * All of `lagoon` and `lagoon/dom` in one file without imports, for a page without a build step. Do not
 * mix it with the modules of the package: each has its own engine, and a batch of one knows nothing of
 * the other's stores.
 *
 * ```html
 * <!doctype html>
 * <button></button>
 * <script type="module">
 *   import { atom, bindText } from './node_modules/lagoon/standalone.js'
 *
 *   const clicks = atom(0)
 *   const button = document.querySelector('button')
 *   bindText(button, clicks)
 *   button.onclick = () => clicks.set(clicks.get() + 1)
 * </script>
 * ```
 *
 * Throws when it is imported and the page has no WebAssembly or a policy forbids it: then import
 * `standalone-no-wasm.js` in its place.
 */
export * from './index.js'
export * from './dom.js'
