// The package as npm would publish it: packed, installed into an empty project, imported, bundled.
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { sizeOf } from '../scripts/size.js'
import { bundlers } from './bundlers.js'
import { install } from './packed.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}js/package.json`, 'utf8'))
let project
let installed

const node = code =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: project,
    encoding: 'utf8',
    timeout: 60_000
  }).trim()

before(() => {
  project = install('project')
  installed = `${project}node_modules/lagoon/`
})

test('holds every module with its types, and no test', () => {
  let files = readdirSync(installed)
  for (let entry of Object.values(manifest.exports)) {
    if (!entry.endsWith('.js')) continue
    assert.ok(files.includes(entry.slice(2)), entry)
    assert.ok(files.includes(entry.slice(2).replace('.js', '.d.ts')), `types of ${entry}`)
  }
  for (let engine of [...Object.values(manifest.imports['#engine']), './engine.wasm']) {
    assert.ok(files.includes(engine.slice(2)), engine)
  }
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

test('has an engine of less than 4 KiB, more of which some browsers do not compile at once', () => {
  assert.ok(statSync(`${installed}engine.wasm`).size < 4096)
})

test('has the same engine as text, as a file and for a page without a build step', () => {
  let wasm = readFileSync(`${installed}engine.wasm`)
  let read = `
    let modules = []
    let { Module } = WebAssembly
    WebAssembly.Module = function (bytes) {
      modules.push(Buffer.from(bytes).toString('hex'))
      return new Module(bytes)
    }
    let use = ({ atom, computed }) => computed(atom(0), value => value).listen(() => {})
    use(await import('lagoon/standalone'))
    let { default: makeSmall } = await import('./node_modules/lagoon/engine.js')
    let small = makeSmall()
    use(await import('lagoon'))
    let { default: makeFast } = await import('./node_modules/lagoon/engine-node.js')
    let fast = makeFast()
    console.log(modules.slice(0, 2).join(), modules.length, Object.keys(fast).join() === Object.keys(small).join())`
  assert.equal(node(read), `${wasm.toString('hex')},${wasm.toString('hex')} 4 true`)
  for (let file of ['engine.js', 'engine-node.js', 'standalone.js']) {
    assert.doesNotMatch(readFileSync(installed + file, 'latin1'), /[^\n -~]/, 'printable ASCII')
  }
})

// All of it but computeds, effects and batches
const WITHOUT_ENGINE = `
  export { allTasks, atom, cleanStores, deepMap, fromStore, keepMount, listenKeys, map, mapCreator, onMount, onNotify,
    onSet, onStart, onStop, share, subscribeKeys, task, untracked } from 'lagoon'
  export { useStore } from 'lagoon/react'
  export { useStore as usePreact } from 'lagoon/preact'
  export { useStore as useSolid } from 'lagoon/solid'
  export { useStore as useVue } from 'lagoon/vue'
  export { writable } from 'lagoon/svelte/store'
  export { StoreController } from 'lagoon/lit'
  export { injectStore } from 'lagoon/angular'
  export { withStores } from 'lagoon/alpine'
  export * from 'lagoon/dom'`

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
      let { atom, batch, computed } = await import('lagoon')
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
    // From then on they are the engine's
    batch(() => {
      for (let $store of stores) $store.set(-1)
    })
    if (sum !== -1_000_000) throw new Error('wrong sum ' + sum)
  `)
  assert.ok(pages > 1 && pages <= 4096, `${pages} pages`)
})

for (let [name, bundler] of Object.entries(bundlers)) {
  const bundle = async (code, conditions) => {
    writeFileSync(`${project}entry.js`, code)
    let external = Object.keys(manifest.peerDependencies)
    return (await bundler({ project, file: 'entry.js', conditions, external })).trim()
  }

  test(`a bundle by ${name} carries nothing that it does not use`, async () => {
    assert.equal((await bundle("import 'lagoon'")).length, 0)
    assert.equal((await bundle("import { atom } from 'lagoon'")).length, 0)
    let react = await bundle("export { useStore } from 'lagoon/react'")
    assert.ok(react.includes('useSyncExternalStore'))
    for (let other of ['vue', 'svelte', 'solid', 'preact/hooks', '"lit"', 'angular', 'Alpine']) {
      assert.ok(!react.includes(other), `the React binding without ${other}`)
    }
    let component = await bundle("export { withStores } from 'lagoon/alpine'")
    assert.ok(!component.includes('nano'), 'a component of Alpine without the directives')
    let signal = await bundle("export { injectStore } from 'lagoon/angular'")
    assert.ok(!signal.includes('providedIn'), 'a signal of Angular without the service')
    let computed = await bundle("export { atom, computed } from 'lagoon'")
    assert.ok(computed.includes('WebAssembly'), 'what needs the engine has it')
    assert.ok(computed.length < (await bundle("export * from 'lagoon'")).length)
    let without = await bundle(WITHOUT_ENGINE, ['browser'])
    assert.ok(!without.includes('WebAssembly'), 'what needs no engine has none')
  })
}

test('lagoon/dom adds less than 1 KB to the stores of a page', async () => {
  let stores = "export { atom, onMount } from 'PACKAGE'"
  let alone = await sizeOf(stores, './js/index.js')
  let withDom = await sizeOf(`${stores}; export * from './js/dom.js'`, './js/index.js')
  assert.ok(withDom - alone < 1000, `${withDom - alone} bytes`)
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
