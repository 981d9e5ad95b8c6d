// The libraries that are measured: their adapters, which are in peers/, and bundles of these.
//
// Each is bundled as for a page, by itself: the production build for browsers, with a copy of its own of
// the code that measures it. Node and browsers get the same files. Only Lagoon is bundled for Node as Node
// resolves it, which is with what a server needs.
import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))
const versionOf = id => JSON.parse(readFileSync(`${modules}${id}/package.json`, 'utf8')).version

// By the name in tables: the adapter's file, and the package.
export const PEERS = {
  lagoon: ['lagoon', 'lagoon'],
  'lagoon, tracked': ['lagoon-tracked', 'lagoon'],
  nanostores: ['nanostores', 'nanostores'],
  'alien-signals': ['alien-signals', 'alien-signals'],
  'preact signals': ['preact-signals', '@preact/signals-core'],
  vue: ['vue', '@vue/reactivity'],
  solid: ['solid', 'solid-js'],
  'svelte runes': ['svelte-runes', 'svelte'],
  'svelte stores': ['svelte-stores', 'svelte'],
  jotai: ['jotai', 'jotai'],
  zustand: ['zustand', 'zustand'],
  mobx: ['mobx', 'mobx'],
  reatom: ['reatom', '@reatom/core']
}

export const OURS = ['lagoon', 'lagoon, tracked']

/** The names of Lagoon, and those whose name or package has one of these parts; all without a list. */
export const peersWith = parts => {
  let names = Object.keys(PEERS)
  if (!parts) return names
  let chosen = names.filter(name => {
    let [, id] = PEERS[name]
    return parts.some(part => name.includes(part) || id.includes(part))
  })
  if (!chosen.length) {
    throw new Error(`no library is called ${parts.join(' or ')}. There are ${names.join('; ')}`)
  }
  return [...new Set([...OURS, ...chosen])]
}

/** The package of each of these libraries, with its version. */
export const versionsOf = names =>
  Object.fromEntries(
    names.map(name => {
      let [, id] = PEERS[name]
      return [name, `${id} ${versionOf(id)}`]
    })
  )

/**
 * Bundles these libraries for `platform`, 'node' or 'browser', into build/bench. Returns the files by
 * the libraries' names, and the files that went into them.
 */
export const bundle = async (names, platform) => {
  let outdir = `${folder}../build/bench/${platform}`
  mkdirSync(outdir, { recursive: true })
  let bundles = names.map(async name => {
    let [adapter] = PEERS[name]
    let isOurs = OURS.includes(name)
    let outfile = `${outdir}/${adapter}.js`
    let { metafile } = await build({
      stdin: {
        contents: `export * as peer from './peers/${adapter}.js'
          export { SHAPES, time } from './shapes.js'
          export { takeClock } from './clock.js'`,
        resolveDir: folder
      },
      bundle: true,
      outfile,
      format: 'esm',
      target: 'es2022',
      platform: isOurs && platform === 'node' ? 'node' : 'browser',
      alias: isOurs ? { nanostores: `${folder}../js/index.js` } : {},
      conditions: ['production', 'module'],
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'warning',
      metafile: true
    })
    return [name, { file: outfile, inputs: Object.keys(metafile.inputs) }]
  })
  return Object.fromEntries(await Promise.all(bundles))
}
