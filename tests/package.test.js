// The package as npm would publish it: packed, installed into an empty project, imported, bundled.
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = `${root}build/project/`
const installed = `${project}node_modules/lagoon/`
const manifest = JSON.parse(readFileSync(`${root}js/package.json`, 'utf8'))

const node = code =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: project,
    encoding: 'utf8',
    timeout: 60_000
  }).trim()

before(() => {
  rmSync(project, { recursive: true, force: true })
  mkdirSync(installed, { recursive: true })
  let [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', project], {
      cwd: `${root}js`,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000
    })
  )
  execFileSync('tar', ['-xzf', `${project}${filename}`, '--strip-components=1', '-C', installed])
  writeFileSync(`${project}package.json`, '{ "type": "module" }')
})

test('holds every module with its types, and no test', () => {
  let files = readdirSync(installed)
  for (let entry of Object.values(manifest.exports)) {
    if (!entry.endsWith('.js')) continue
    assert.ok(files.includes(entry.slice(2)), entry)
    assert.ok(files.includes(entry.slice(2).replace('.js', '.d.ts')), `types of ${entry}`)
  }
  assert.ok(files.includes('engine.js'), 'the engine')
  assert.deepEqual(
    files.filter(file => file.includes('test')),
    []
  )
})

test('has the version of the Nano Stores whose API it has, which peer ranges accept', () => {
  let peer = createRequire(import.meta.url)('nanostores/package.json')
  assert.equal(manifest.version, peer.version)
})

test('depends on nothing, and on each framework only if it is there', () => {
  assert.equal(manifest.dependencies, undefined)
  for (let peer of Object.keys(manifest.peerDependencies)) {
    assert.equal(manifest.peerDependenciesMeta[peer].optional, true, peer)
  }
})

test('is imported without a build step', () => {
  assert.equal(
    node(`
      import { atom, computed } from 'lagoon'
      let $a = atom(1)
      let $b = computed($a, a => a + 1)
      $b.subscribe(b => console.log(b))
      $a.set(2)
    `),
    '2\n3'
  )
})

test('publint finds nothing', async () => {
  let { messages } = await publint({ pkgDir: installed, strict: true })
  assert.deepEqual(
    messages.map(message => formatMessage(message, manifest)),
    []
  )
})

// Runs code and answers how many pages of memory the engine has then.
const pagesAfter = code =>
  Number(
    node(`
      let { Instance } = WebAssembly
      let memory
      WebAssembly.Instance = function (...args) {
        let instance = new Instance(...args)
        memory = instance.exports.memory
        return instance
      }
      let { atom, computed } = await import('lagoon')
      ${code}
      console.log(memory.buffer.byteLength / 65536)
    `)
  )

test('takes one page of 64 KiB for a page with three stores', () => {
  let pages = pagesAfter(`
    let $a = atom(1)
    let $b = computed($a, a => a + 1)
    let $c = computed([$a, $b], (a, b) => a + b)
    $c.listen(() => {})
  `)
  assert.equal(pages, 1)
})

test('has room for a million stores with a listener each', () => {
  let pages = pagesAfter(`
    let sum = 0
    let stores = []
    for (let i = 0; i < 1_000_000; i++) {
      let $store = atom(i)
      $store.listen(value => { sum += value })
      stores.push($store)
    }
    for (let $store of stores) $store.set(-1)
    if (sum !== -1_000_000) throw new Error('wrong sum ' + sum)
  `)
  assert.ok(pages > 1 && pages <= 4096, `${pages} pages`)
})

const bundle = async code => {
  let { outputFiles } = await build({
    stdin: { contents: code, resolveDir: `${root}tests` },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['react', 'preact', 'solid-js', 'vue', 'svelte'].flatMap(name => [name, `${name}/*`])
  })
  return outputFiles[0].text
}

test('a bundle carries nothing that it does not use', async () => {
  assert.equal((await bundle("import 'lagoon'")).trim(), '', 'nothing was asked for')
  let react = await bundle("export { useStore } from 'lagoon/react'")
  for (let other of ['vue', 'svelte', 'solid', 'preact/hooks']) {
    assert.ok(!react.includes(other), `the React binding without ${other}`)
  }
  assert.ok(
    (await bundle("export { atom } from 'lagoon'")).length <
      (await bundle("export * from 'lagoon'")).length
  )
})

test('two copies on a page leave each other alone', () => {
  assert.equal(
    node(`
      import { cpSync } from 'node:fs'
      cpSync('node_modules/lagoon', 'node_modules/copy', { recursive: true })
      let { atom, computed, onNotify } = await import('lagoon')
      let copy = await import('./node_modules/copy/index.js')
      let stores = Array.from({ length: 3000 }, () => atom(0))
      let calls = 0
      for (let $store of stores) {
        $store.listen(() => calls++)
        copy.onNotify($store, ({ abort }) => abort())
      }
      let $sum = copy.computed([stores[0], stores[1]], (a, b) => a + b)
      $sum.listen(() => {})
      for (let $store of stores) $store.set(1)
      console.log(calls, copy.computed(stores[2], value => value + 1).get())
    `),
    '0 2'
  )
})
