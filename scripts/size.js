// What a page pays: bundles of Lagoon and of Nano Stores, minified by esbuild for production and
// compressed by brotli at its highest level, with the engine where it is needed. Fails if one is above its budget.
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const peer = createRequire(import.meta.url)('nanostores/package.json')

// Who makes one of them larger says here that it is worth it (docs/performance.md has what each gave). The last 600
// bytes of the latter two: what only functions listen to does without the engine, so that a page without computeds
// has a fifth of what it had. The 140 before: many listeners are told in half the time.
const imports = [
  ['{ atom }', "export { atom } from 'PACKAGE'", 900],
  ['{ atom, map, onMount }', "export { atom, map, onMount } from 'PACKAGE'", 1350],
  ['{ map, computed }', "export { map, computed } from 'PACKAGE'", 7765],
  ['everything', "export * from 'PACKAGE'", 10430]
]

export const sizeOf = async (code, name) => {
  const { outputFiles } = await build({
    stdin: { contents: code.replace('PACKAGE', name), resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' }
  })
  return brotliCompressSync(outputFiles[0].contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 }
  }).length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`bytes after minify and brotli    lagoon    nanostores ${peer.version}`)
  for (const [label, code, budget] of imports) {
    const ours = await sizeOf(code, './js/index.js')
    const theirs = await sizeOf(code, 'nanostores')
    console.log(`${label.padEnd(30)} ${String(ours).padStart(8)} ${String(theirs).padStart(12)}`)
    if (ours > budget) {
      console.error(`${label} is ${ours - budget} bytes above its budget of ${budget}`)
      process.exitCode = 1
    }
  }
}
