// How long a page takes for a library until it has its first store with a listener, in Chromium: the
// whole library, minified, is compiled, run and, as for Lagoon, its engine instantiated.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { quartiles } from './measure.js'

const LOADS = 25

const FIRST_STORE = {
  lagoon: ['./js/index.js', 'all.atom(0).listen(() => {})'],
  nanostores: ['nanostores', 'all.atom(0).listen(() => {})'],
  'alien-signals': ['alien-signals', 'all.effect(all.signal(0))'],
  'preact signals': ['@preact/signals-core', 'all.signal(0).subscribe(() => {})']
}

const bundle = async (path, first) => {
  let { outputFiles } = await build({
    stdin: {
      contents: `import * as all from '${path}'
        globalThis.all = all
        ${first}`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url))
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' }
  })
  return outputFiles[0].text
}

// Runs in the page. The comment keeps the browser from using what it compiled for another page.
const load = ({ code, number }) => {
  if (!crossOriginIsolated) throw new Error('the clock of this page is not exact')
  let script = document.createElement('script')
  script.textContent = `${code}//${number}`
  let began = performance.now()
  document.head.append(script)
  let ms = performance.now() - began
  if (!globalThis.all) throw new Error('the library did not run')
  return ms
}

/** Milliseconds by library: { median, quartiles, rounds }. Each load has a new page, and they take turns. */
export const importTimes = async (browser, origin, tell) => {
  let codes = {}
  for (let [name, [path, first]] of Object.entries(FIRST_STORE)) {
    codes[name] = await bundle(path, first)
  }
  let times = Object.fromEntries(Object.keys(codes).map(name => [name, []]))
  for (let number = 0; number < LOADS; number++) {
    tell(`, page ${number + 1} of ${LOADS}`)
    for (let [name, code] of Object.entries(codes)) {
      let context = await browser.newContext()
      let page = await context.newPage()
      await page.goto(origin)
      times[name].push(await page.evaluate(load, { code, number }))
      await context.close()
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, quartiles(list)]))
}
