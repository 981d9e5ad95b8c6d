// Writes the engine into js/, in four forms that export the same: WebAssembly as text, small and fast, and
// as a file, and JavaScript. node scripts/embed.js SMALL.wasm FAST.wasm TRANSLATED.js, the last being what
// binaryen's wasm2js makes of it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const [small, fast, javaScript] = process.argv.slice(2)
const translated = readFileSync(javaScript, 'utf8')
const source = 'Built by make from src/graph.c and src/wasm.c'

const write = (name, content) => writeFileSync(new URL(`../js/${name}`, import.meta.url), content)

write('engine.wasm', readFileSync(small))

// ---- WebAssembly as text ------------------------------------------------------------------------
// ASCII is what any bundler, server and character set leaves alone. JSON takes 250 bytes more after brotli
// than the densest form that was tried, but browsers read it themselves: a loop over the bytes, run for the
// first time, kept a page longer than all else that it does for its first store (docs/performance.md).

const asText =
  wasm => `// ${source}: ${wasm.length} bytes of WebAssembly as text. scripts/embed.js says how.
export default () => {
  try {
    return new WebAssembly.Instance(
      new WebAssembly.Module(new Uint8Array(JSON.parse("[${[...wasm]}]")))
    ).exports
  } catch (cause) {
    throw new Error("Lagoon: WebAssembly is refused here. Resolve lagoon with the condition lagoon-no-wasm, or import lagoon/standalone-no-wasm", { cause })
  }
}
`

write('engine.js', asText(readFileSync(small)))
write('engine-node.js', asText(readFileSync(fast)))

// ---- JavaScript ---------------------------------------------------------------------------------
// The functions are those of wasm2js. The memory is not: that of wasm2js throws where WebAssembly
// refuses to grow, and js/core.js counts on old views being empty then, which structuredClone does.
// Where that is missing, what is enough for 500,000 nodes and edges is reserved at once.
//
// One memory after the other can be put under the functions, so that a server has an engine for each
// lagoon (js/lagoons.js). A page of it has the size that the Makefile gives to src/wasm.c.

const PAGE = 4096
const RESERVED = 1 << 24

const [functions] = /^ function \$0[^]*(?=^ function __wasm_memory_size)/m.exec(translated)
const exported = [...translated.matchAll(/"(\w)": (\$\d+)/g)]
const all = pattern => [...new Set(functions.match(pattern))]
const heaps = all(/\bHEAP\w+/g)
const arrayOf = heap => heap.replace('HEAP', 'Int').replace('IntU', 'Uint') + 'Array'

assert.ok(exported.length, 'wasm2js has exported nothing')

write(
  'engine-no-wasm.js',
  `// ${source}, translated to JavaScript by wasm2js.
` +
    transformSync(
      `${all(/\bMath_\w+/g)
        .map(name => `let ${name} = ${name.replace('_', '.')}`)
        .join('\n')}
let ${heaps.join()}
let make = size => ({ pages: 1, buffer: new ArrayBuffer(size) })
let look = () => {
  ${heaps.map(heap => `memory.${heap} = ${heap} = new ${arrayOf(heap)}(memory.buffer)`).join('\n')}
}
let memory = make(globalThis.structuredClone ? ${PAGE} : ${RESERVED})
look()
let __wasm_memory_size = () => memory.pages
let __wasm_memory_grow = more => {
  let { pages, buffer } = memory
  let size = (pages + more) * ${PAGE}
  try {
    if (size > buffer.byteLength) {
      if (!globalThis.structuredClone) return -1
      let larger = new ArrayBuffer(size)
      new Uint8Array(larger).set(new Uint8Array(buffer))
      structuredClone(buffer, { transfer: [buffer] })
      memory.buffer = larger
      look()
    }
  } catch {
    return -1
  }
  memory.pages += more
  return pages
}
export let swap = next => {
  let last = memory
  memory = next || make(${PAGE})
  if (next) {
    ${heaps.map(heap => `${heap} = next.${heap}`).join('\n')}
  } else look()
  return last
}
${functions}
let engine = {
  memory: { get buffer() { return memory.buffer } },
  ${exported.map(([, name, $function]) => `${name}: ${$function}`)}
}
export default () => engine`,
      { minify: true, format: 'esm' }
    ).code
)
