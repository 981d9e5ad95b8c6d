// How long a page takes for a library until it has its first store with a listener, and until it has its first
// computed with one, in Chromium: the library, minified, is compiled and run. The first computed is what Lagoon
// instantiates its engine for.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { quartiles } from './measure.js'

const LOADS = 25

const STORE = 'all.atom(0).listen(() => {})'
const COMPUTED = 'all.computed(all.atom(0), value => value).listen(() => {})'
const ALIEN = 'let value = all.computed(source); all.effect(() => { value() })'
const PREACT = 'all.computed(() => source.value).subscribe(() => {})'

// The file, what a page has first, and what it imports if not all of it.
const FIRST = {
  lagoon: ['./js/index.js', STORE],
  'lagoon, { atom }': ['./js/index.js', STORE, '{ atom }'],
  nanostores: ['nanostores', STORE],
  'alien-signals': ['alien-signals', 'all.effect(all.signal(0))'],
  'preact signals': ['@preact/signals-core', 'all.signal(0).subscribe(() => {})'],
  'lagoon, computed': ['./js/index.js', COMPUTED],
  'nanostores, computed': ['nanostores', COMPUTED],
  'alien-signals, computed': ['alien-signals', `let source = all.signal(0); ${ALIEN}`],
  'preact signals, computed': ['@preact/signals-core', `let source = all.signal(0); ${PREACT}`]
}

const bundle = async (path, first, names) => {
  let { outputFiles } = await build({
    stdin: {
      contents: `${names ? `import ${names} from '${path}'; let all = ${names}` : `import * as all from '${path}'`}
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
  for (let [name, how] of Object.entries(FIRST)) codes[name] = await bundle(...how)
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
