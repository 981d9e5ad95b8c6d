// Runs the documentation: every code block of README.md and docs/*.md, none left out.
//
//   console.log(count.get()) // → 1      promises a line of output. All that a block prints must be
//                                        promised, in order from top to bottom.
//   // Lagoon → 1                        promises it only where the block runs on Lagoon, which all
//   // Nano Stores → 2                   do; those of docs/differences.md run on Nano Stores, too.
//   // src/cart.js                       as the first line names the block's file, so that other
//                                        blocks of the document can import it.
//
// A component promises the HTML that a server draws of its default export, and a page of HTML the text
// that it shows when its script has run. A block of TypeScript is
// only type-checked, together with each block of JavaScript that has types in comments. Of a block
// of shell only the make targets are checked.
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, relative, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { transformAsync } from '@babel/core'
import * as astro from '@astrojs/compiler-rs'
import { build as bundle, transform } from 'esbuild'
import { compile as compileSvelte } from 'svelte/compiler'
import { compileScript, parse as parseVue } from 'vue/compiler-sfc'

const root = fileURLToPath(new URL('..', import.meta.url))
const build = `${root}build/docs/`
const run = promisify(execFile)
const read = file => readFileSync(resolve(root, file), 'utf8')
const documents = ['README.md', ...readdirSync(`${root}docs`).map(name => `docs/${name}`)].filter(
  name => name.endsWith('.md')
)

// ---- blocks -------------------------------------------------------------------------------------

const NAME = /^(?:\/\/|<!--|\/\*) (src\/\S+)(?: -->| \*\/)?$/
const PROMISE = /(?:\/\/|<!--|\/\*) (?:(Lagoon|Nano Stores) )?→ ?(.*?)(?: -->| \*\/)?$/

const promisesOf = code =>
  code
    .split('\n')
    .map(line => PROMISE.exec(line))
    .filter(Boolean)
    .map(([, library, text]) => ({ library, text: text.trim() }))

const blocksOf = document => {
  const folder = `${build}${document.replace('.md', '').replace('/', '-')}/`
  const blocks = []
  let open
  read(document)
    .split('\n')
    .forEach((line, index) => {
      const fence = /^(\s*)(```+)\s*(.*)$/.exec(line)
      if (!fence) {
        open?.lines.push(line)
      } else if (open) {
        const code = open.lines.join('\n')
        const name = NAME.exec(open.lines[0] ?? '')?.[1]
        const { language, at } = open
        blocks.push({
          language,
          code,
          name,
          at: `${document}:${at}`,
          file: folder + (name ?? `line-${at}.${language}`),
          promises: promisesOf(code)
        })
        open = undefined
      } else {
        assert.equal(fence[1], '', `${document}:${index + 1}: an indented block`)
        open = { language: fence[3], at: index + 1, lines: [] }
      }
    })
  assert.equal(open, undefined, `${document}: a block has no end`)
  return blocks
}

const blocks = documents.flatMap(blocksOf)

const write = (file, text) => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const lines = text => (text.trim() ? text.trim().split('\n') : [])

const promisedBy = (block, library = 'Lagoon') =>
  block.promises.filter(promise => (promise.library ?? library) === library).map(({ text }) => text)

/** Runs a module in a Node of its own and returns what it printed, but for deprecation warnings. */
const runModule = async file => {
  const code = `console.groupCollapsed = console.trace = console.groupEnd = () => {}
    await import(${JSON.stringify(file)})
    process.exit()`
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: build,
    timeout: 30_000,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined }
  })
  assert.equal(stderr, '')
  return stdout
}

// ---- components ---------------------------------------------------------------------------------

const frameworkOf = ({ language, code }) => {
  if (language === 'vue' || language === 'svelte') return language
  if (/from '(lagoon\/solid|solid-js)/.test(code)) return 'solid'
  if (/from '(lagoon\/preact|preact)/.test(code)) return 'preact'
  return 'react'
}

const compilers = {
  async react({ code, language }) {
    const options = { loader: language, jsx: 'automatic', format: 'esm' }
    return (await transform(code, options)).code
  },
  async preact({ code, language }) {
    const options = { loader: language, jsx: 'automatic', jsxImportSource: 'preact' }
    return (await transform(code, options)).code
  },
  async solid({ code }) {
    const preset = ['babel-preset-solid', { generate: 'ssr', hydratable: false }]
    const options = { babelrc: false, configFile: false, presets: [preset] }
    return (await transformAsync(code, options)).code
  },
  async svelte({ code }) {
    const { js, warnings } = compileSvelte(code, { generate: 'server', name: 'Block' })
    assert.deepEqual(warnings, [])
    return js.code
  },
  async vue({ code, file }) {
    const { descriptor, errors } = parseVue(code, { filename: file })
    assert.deepEqual(errors, [])
    return compileScript(descriptor, { id: 'block', inlineTemplate: true }).content
  }
}

const drawing = {
  react: `import { createElement } from 'react'
    import { renderToStaticMarkup } from 'react-dom/server'
    const draw = Block => renderToStaticMarkup(createElement(Block))`,
  preact: `import { h } from 'preact'
    import { renderToString } from 'preact-render-to-string'
    const draw = Block => renderToString(h(Block))`,
  solid: `import { createComponent, renderToString } from 'solid-js/web'
    const draw = Block => renderToString(() => createComponent(Block, {}))`,
  svelte: `import { render } from 'svelte/server'
    const draw = Block => render(Block).body`,
  vue: `import { createSSRApp } from 'vue'
    import { renderToString } from 'vue/server-renderer'
    const draw = Block => renderToString(createSSRApp(Block))`
}

const runComponent = async block => {
  const framework = frameworkOf(block)
  const file = write(`${block.file}.mjs`, await compilers[framework](block))
  const draw = block.promises.length
    ? `${drawing[framework]}
    const html = await draw((await import(${JSON.stringify(file)})).default)
    console.log(html.replace(/<!--.*?-->/g, ''))`
    : `await import(${JSON.stringify(file)})`
  const output = await runModule(write(`${block.file}.draw.mjs`, draw))
  assert.deepEqual(lines(output), promisedBy(block))
}

// ---- pages --------------------------------------------------------------------------------------

const SCRIPT = /<script type="module">\n([^]*?)<\/script>/

const opening = `import { JSDOM } from 'jsdom'
  const open = (markup, script) => {
    const { window } = new JSDOM(markup, { url: 'http://localhost', pretendToBeVisual: true })
    for (const name of Object.getOwnPropertyNames(window)) {
      // Node has events of its own, which elements do not take
      if (!(name in globalThis) || name.endsWith('Event')) globalThis[name] = window[name]
    }
    globalThis.window = globalThis
    return import(script)
  }
  const show = node => {
    if (node.nodeType === Node.TEXT_NODE) process.stdout.write(node.data)
    else (node.shadowRoot ?? node).childNodes.forEach(show)
  }`

/** Opens a page in jsdom, with its script bundled as for a browser. */
const runPage = async block => {
  const outfile = `${block.file}.script.mjs`
  const stdin = { contents: SCRIPT.exec(block.code)[1], resolveDir: build }
  await bundle({ stdin, outfile, bundle: true, format: 'esm' })
  const markup = block.code.replace(SCRIPT, '').replace(/<!--.*?-->/g, '')
  const page = `${opening}
    await open(${JSON.stringify(markup)}, ${JSON.stringify(outfile)})
    await new Promise(resolve => setTimeout(resolve, 50))
    show(document.body)`
  const output = await runModule(write(`${block.file}.open.mjs`, page))
  const shown = output.split('\n').map(line => line.trim())
  assert.deepEqual(shown.filter(Boolean), promisedBy(block))
}

// ---- the other languages ------------------------------------------------------------------------

const runJs = async block => {
  assert.deepEqual(lines(await runModule(block.file)), promisedBy(block))
}

const C_FLAGS = '-std=c11 -Wall -Wextra -Werror -fno-lto -Iinclude -Isrc'.split(' ')
const C_LIBRARIES = ['-ljansson', '-pthread', '-lm']
const C_WAYS = {
  plain: ['build/liblagoon.a'],
  sanitized: [
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
    'build/c/asan/liblagoon.a'
  ]
}

const hasMain = ({ code }) => /^int main\(/m.test(code)

/** Functions, types and preprocessor lines of a block, and the statements between them. */
const splitC = code => {
  const parts = { outside: '', inside: '' }
  let isOutside = false
  let isOpen = false
  code.split('\n').forEach((line, index) => {
    if (!isOpen) {
      const begins = /^(?:static|typedef) /.test(line)
      isOutside = begins || line.startsWith('#')
      isOpen = begins && !/[;}]$/.test(line)
    } else if (line.startsWith('}')) isOpen = false
    parts[isOutside ? 'outside' : 'inside'] += `#line ${index + 1}\n${line}\n`
  })
  return parts
}

const programOf = block => {
  if (hasMain(block)) return block.code
  const { outside, inside } = splitC(block.code)
  const end = block.code.includes('lg_lagoon_free(lagoon)') ? '0' : 'lg_lagoon_free(lagoon)'
  return `#include "src/example.h"
${outside}
static void example(lg_lagoon *lagoon) {
  (void)lagoon;
${inside}
}
int main(void) {
  lg_lagoon *lagoon = lg_lagoon_new(NULL);
  example(lagoon);
  return ${end};
}
`
}

/** Compiles a block of C in one of the ways, and returns what it prints. */
const printC = async (block, way) => {
  const file = write(`${block.file}.${way}.c`, programOf(block))
  const program = `${file}.out`
  const sources = block.code.includes('"graph.h"') ? ['src/graph.c'] : []
  const folder = block.file.slice(0, -(block.name ?? basename(block.file)).length)
  const flags = [...C_FLAGS, `-I${folder}`, file, ...sources, ...C_WAYS[way], ...C_LIBRARIES]
  await run('gcc', [...flags, '-o', program], { cwd: root })
  const { stdout, stderr } = await run(program, { timeout: 30_000 })
  assert.equal(stderr, '')
  return lines(stdout)
}

const isHeader = ({ name }) => name?.endsWith('.h')

const runC = async block => {
  if (isHeader(block)) return
  const next = blocks[blocks.indexOf(block) + 1]
  const promised = promisedBy(block)
  if (next?.language === 'dot') promised.push(...next.code.split('\n'))
  for (const way of Object.keys(C_WAYS)) assert.deepEqual(await printC(block, way), promised, way)
}

const checkPicture = async ({ code }) => {
  const picture = read('docs/images/graph.svg')
  const shown = [...picture.matchAll(/<title>(n\d+(?:&#45;&gt;n\d+)?)<\/title>/g)]
  const isDrawn = [...code.matchAll(/^ {2}(n\d+(?: -> n\d+)?)/gm)]
  assert.deepEqual(
    shown.map(match => match[1].replace('&#45;&gt;', ' -> ')).toSorted(),
    isDrawn.map(match => match[1]).toSorted()
  )
  for (const [, text] of code.matchAll(/label="(.*?)"/g)) {
    for (const line of text.split('\\n')) assert.ok(picture.includes(`>${line}</text>`), line)
  }
}

const targets = new Set([...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(match => match[1]))

const checkTargets = (text, at, pattern = /\bmake ([a-z][a-z-]*)/g) => {
  for (const [, target] of text.matchAll(pattern)) {
    assert.ok(targets.has(target), `${at}: no make target ${target}`)
  }
}

// Not below this folder, which may have a space in its name: what pkg-config prints is split at spaces.
const INSTALLED = mkdtempSync(`${tmpdir()}/lagoon-prefix-`)
after(() => rmSync(INSTALLED, { recursive: true, force: true }))
const withInstalled = {
  ...process.env,
  PKG_CONFIG_PATH: `${INSTALLED}/lib/pkgconfig`,
  LD_RUN_PATH: `${INSTALLED}/lib`
}

const checkShell = async ({ code, at, file }) => {
  checkTargets(code, at)
  for (const [command, program] of code.matchAll(/^gcc .* -o ([\w-]+) .*$/gm)) {
    await run('sh', ['-c', command], { cwd: dirname(file), env: withInstalled })
    assert.notEqual((await run(`${dirname(file)}/${program}`)).stdout, '')
  }
}

const checkCMake = async ({ code, file }) => {
  const folder = dirname(file)
  write(`${folder}/CMakeLists.txt`, code)
  const options = ['-S', folder, '-B', `${folder}/cmake`, `-DCMAKE_PREFIX_PATH=${INSTALLED}`]
  await run('cmake', options)
  await run('cmake', ['--build', `${folder}/cmake`])
  const [, program] = /^add_executable\((\w+)/m.exec(code)
  assert.notEqual((await run(`${folder}/cmake/${program}`)).stdout, '')
}

const checkAstro = async ({ code, file }) => {
  const { diagnostics = [] } = await astro.transform(code, { filename: file })
  assert.deepEqual(diagnostics, [])
}

let types
const checkTypes = async ({ file, promises }) => {
  assert.deepEqual(promises, [], 'what is only type-checked prints nothing')
  const errors = (await types).filter(line => line.startsWith(relative(build, file)))
  assert.deepEqual(errors, [])
}

const RUN = {
  js: runJs,
  jsx: runComponent,
  svelte: runComponent,
  vue: runComponent,
  html: runPage,
  ts: checkTypes,
  astro: checkAstro,
  c: runC,
  dot: checkPicture,
  sh: checkShell,
  cmake: checkCMake
}

const isTyped = ({ language, code }) =>
  language === 'ts' || (language === 'js' && /@type\b|@typedef\b/.test(code))

const typeErrors = async files => {
  const config = {
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      allowJs: true,
      checkJs: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: ['node'],
      skipLibCheck: true
    },
    files: files.map(file => relative(build, file))
  }
  write(`${build}tsconfig.json`, JSON.stringify(config))
  const { stdout } = await run(`${root}node_modules/.bin/tsc`, ['-p', '.', '--pretty', 'false'], {
    cwd: build
  }).catch(error => error)
  return lines(stdout)
}

const make = (...args) =>
  execFileSync('make', ['-j2', ...args], {
    cwd: root,
    env: { ...process.env, MAKEFLAGS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 110_000
  })

before(() => {
  make('lib', 'build/c/asan/liblagoon.a')
  rmSync(build, { recursive: true, force: true })
  make('install-c', `PREFIX=${INSTALLED}`)
  for (const { file, code, at } of blocks) {
    assert.ok(!existsSync(file), `${at}: this file stands there already`)
    write(file, code)
  }
  types = typeErrors(blocks.filter(isTyped).map(({ file }) => file))
})

describe('code blocks', { concurrency: 4 }, () => {
  for (const block of blocks) {
    test(`${block.at} ${block.language}`, async () => {
      assert.ok(RUN[block.language], `nothing runs the language "${block.language}"`)
      await RUN[block.language](block)
      if (block.language === 'js' && isTyped(block)) await checkTypes({ ...block, promises: [] })
    })
  }

  test('the types hold together', async () => assert.deepEqual(await types, []))
})

// ---- differences --------------------------------------------------------------------------------

const { version } = createRequire(import.meta.url)('nanostores/package.json')

describe(`docs/differences.md on Nano Stores ${version}`, { concurrency: 4 }, () => {
  const text = read('docs/differences.md')

  for (const block of blocks.filter(({ at }) => at.startsWith('docs/differences.md'))) {
    test(block.at, async () => {
      const theirs = write(
        block.file.replace('.js', '.nanostores.js'),
        block.code.replaceAll("'lagoon'", "'nanostores'")
      )
      const promised = promisedBy(block, 'Nano Stores')
      assert.notDeepEqual(promised, promisedBy(block), 'it shows no difference')
      assert.deepEqual(lines(await runModule(theirs)), promised)
    })
  }

  test('names the version', () => assert.ok(text.includes(version)))

  test('has a scenario for each row that links to one, and a row for each scenario', () => {
    const rows = [...text.matchAll(/^\| \[.*?\]\(#(.*?)\)/gm)].map(match => match[1])
    const scenarios = text
      .split(/^(?=## )/m)
      .filter(section => section.includes('```js'))
      .map(section => slug(/^## (.*)$/m.exec(section)[1]))
    assert.ok(rows.length > 5)
    assert.deepEqual(rows, scenarios)
  })
})

// ---- the reference ------------------------------------------------------------------------------

test('docs/reference.md has a heading for every export, and for nothing else', async () => {
  const { exports } = JSON.parse(read('js/package.json'))
  const expected = []
  for (const [path, file] of Object.entries(exports)) {
    // The standalone files have the names of others in one file
    if (!file.endsWith('.js') || file.startsWith('./standalone')) continue
    const names = Object.keys(await import(resolve(`${root}js`, file)))
    expected.push(...names.map(name => `lagoon${path.slice(1)} ${name}`))
  }
  const found = []
  let section
  for (const [, level, name] of read('docs/reference.md').matchAll(/^(##+) `?(.*?)`?$/gm)) {
    if (level === '##') section = name
    else found.push(`${section} ${name}`)
  }
  assert.deepEqual(found.toSorted(), expected.toSorted())
})

test('every name of C in the text is one of the header, or of what the page is about', () => {
  const inside = readdirSync(`${root}src`).map(name => `src/${name}`)
  const tests = [
    'tests/graph/graph_random.c',
    ...readdirSync(`${root}tests/c`).map(name => `tests/c/${name}`)
  ].filter(name => name.endsWith('.c'))
  const sources = {
    'docs/architecture.md': inside,
    'docs/testing.md': tests,
    'docs/performance.md': inside
  }
  for (const document of documents) {
    const files = ['include/lagoon.h', 'Makefile', ...(sources[document] ?? [])]
    const known = new Set(files.flatMap(file => read(file).match(/\blg_\w+/gi)))
    for (const [name] of withoutCode(read(document)).matchAll(/\blg_\w+/gi)) {
      assert.ok(known.has(name), `${document}: ${name}`)
    }
  }
})

// ---- links, figures, targets --------------------------------------------------------------------

/** The anchor that GitHub gives to a heading. */
const slug = heading =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

const withoutCode = text => text.replace(/^```[^]*?^```$/gm, '')

const anchorsOf = document =>
  [...withoutCode(read(document)).matchAll(/^#+ (.*)$/gm)].map(match => slug(match[1]))

test('every link and image leads somewhere', () => {
  let count = 0
  for (const document of documents) {
    const text = withoutCode(read(document))
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)]
    for (const link of links) {
      const [path, anchor] = (link[1] ?? link[2]).split('#')
      const target = path ? resolve(root, dirname(document), path) : resolve(root, document)
      assert.ok(existsSync(target), `${document}: ${path} is missing`)
      if (anchor) {
        const anchors = anchorsOf(relative(root, target))
        assert.ok(anchors.includes(anchor), `${document}: ${path} has no #${anchor}`)
      }
      count++
    }
  }
  assert.ok(count > 10)
})

test('every make target that is named exists, and the README names each that `make help` does', () => {
  for (const document of documents) checkTargets(read(document), document, /`make ([a-z-]+)/g)
  const help = [...read('Makefile').matchAll(/^([a-z]+):.*## /gm)].map(match => match[1])
  for (const target of help) {
    assert.ok(read('README.md').includes(`\`make ${target}\``), `make ${target}`)
  }
})

test('the sizes in the README are those of make size, give or take 3 %', async () => {
  const { stdout } = await run(process.execPath, ['scripts/size.js'], { cwd: root })
  const measured = lines(stdout).slice(1)
  assert.ok(measured.length >= 3)
  for (const line of measured) {
    const [, label, ...sizes] = /^(.*?) +(\d+) +(\d+)$/.exec(line)
    const row = read('README.md')
      .split('\n')
      .find(text => text.startsWith('|') && text.includes(label))
    assert.ok(row, `the README has no size of ${label}`)
    const written = row
      .split('|')
      .slice(2, 4)
      .map(cell => Number(cell.replace(',', '')))
    sizes.forEach((size, i) => {
      assert.ok(Math.abs(written[i] - size) <= size * 0.03, `${label}: ${written[i]}, not ${size}`)
    })
  }
  assert.ok(read('README.md').includes(`Nano Stores ${version}`), `Nano Stores ${version}`)
})
