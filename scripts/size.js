// What a page pays: bundles of Lagoon and of Nano Stores, minified by esbuild for production and
// compressed by brotli at its highest level, the engine included.
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const peer = createRequire(import.meta.url)('nanostores/package.json')

const imports = [
  ['{ atom }', "export { atom } from 'PACKAGE'"],
  ['{ map, computed }', "export { map, computed } from 'PACKAGE'"],
  ['everything', "export * from 'PACKAGE'"]
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
  for (const [label, code] of imports) {
    const ours = await sizeOf(code, './js/index.js')
    const theirs = await sizeOf(code, 'nanostores')
    console.log(`${label.padEnd(30)} ${String(ours).padStart(8)} ${String(theirs).padStart(12)}`)
  }
}
