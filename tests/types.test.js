// The types of the packed tarball, as projects with other settings find them, and as packages find them
// that were written for Nano Stores.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = `${root}build/types/`
const home = `${project}node_modules/nanostores/`
let tarball

before(() => {
  rmSync(project, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const pack = ['pack', '--json', '--pack-destination', project]
  const [{ filename }] = JSON.parse(
    execFileSync('npm', pack, {
      cwd: `${root}js`,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000
    })
  )
  tarball = project + filename
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', home])
  for (const name of ['react', 'persistent', 'router', 'i18n', 'async', 'media-query']) {
    const from = `${root}node_modules/@nanostores/${name}`
    cpSync(from, `${project}node_modules/@nanostores/${name}`, { recursive: true })
  }
  writeFileSync(`${project}package.json`, '{ "type": "module" }')
})

// The names that an index.d.ts exports
const exportsOf = file => {
  const blocks = readFileSync(file, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm)
  return [...blocks].flatMap(([, names]) => names.split(/[\s,]+/).filter(Boolean))
}

test('every name that Nano Stores exports is there', () => {
  const theirs = exportsOf(`${root}node_modules/nanostores/index.d.ts`)
  const ours = exportsOf(`${home}index.d.ts`)
  assert.ok(theirs.length > 40)
  assert.deepEqual(
    theirs.filter(name => !ours.includes(name)),
    []
  )
})

// What arethetypeswrong finds in a tarball; it knows of node10 and require(), for which no ES module is
const problemsOf = file => {
  const attw = `${root}node_modules/.bin/attw`
  // Into a file: it does not wait until a pipe has taken all
  const report = openSync(`${project}report.json`, 'w')
  const flags = [file, '--profile', 'esm-only', '--format', 'json']
  spawnSync(attw, flags, { stdio: ['ignore', report, 'ignore'], timeout: 60_000 })
  closeSync(report)
  const { analysis } = JSON.parse(readFileSync(`${project}report.json`, 'utf8'))
  const isForUs = ({ kind, resolutionKind, entrypoint }) =>
    // Astro's own tools know what is in such a file
    !entrypoint?.endsWith('.astro') &&
    kind !== 'CJSResolvesToESM' &&
    !['node10', 'node16-cjs'].includes(resolutionKind)
  return analysis.problems.filter(isForUs)
}

test('arethetypeswrong finds nothing', () => assert.deepEqual(problemsOf(tarball), []))

test('arethetypeswrong would find what is missing', () => {
  const broken = `${project}broken/package`
  cpSync(home, broken, { recursive: true })
  rmSync(`${broken}/react.d.ts`)
  execFileSync('tar', ['-czf', `${project}broken.tgz`, '-C', `${project}broken`, 'package'])
  assert.ok(problemsOf(`${project}broken.tgz`).some(({ entrypoint }) => entrypoint === './react'))
})

const PROGRAM = `
import { atom, computed, map, type ReadableAtom, type StoreValue, type WritableAtom } from 'nanostores'
import { useStore } from 'nanostores/react'
import { computedAsync } from '@nanostores/async'
import { createI18n, formatter, localeFrom } from '@nanostores/i18n'
import { fromMediaQuery } from '@nanostores/media-query'
import { persistentAtom, persistentMap } from '@nanostores/persistent'
import { useStore as useTheirStore } from '@nanostores/react'
import { createRouter } from '@nanostores/router'

const setting = persistentAtom<string | undefined>('locale', undefined)
export const writable: WritableAtom<string | undefined> = setting
const settings = persistentMap<{ theme: 'dark' | 'light' }>('settings:', { theme: 'dark' })
settings.setKey('theme', 'light')
// @ts-expect-error
settings.setKey('theme', 'blue')

const locale = localeFrom(setting, atom('en'))
export const format = formatter(locale)
export const messages = createI18n(locale, { get: async () => ({}) })('post', { title: 'Post' })

const router = createRouter({ home: '/', post: '/posts/:id' })
export const id: ReadableAtom<string | undefined> = computed(router, page =>
  page?.route === 'post' ? page.params.id : undefined
)
// @ts-expect-error
router.open(5)

const isMobile = fromMediaQuery('(max-width: 600px)')
export const user = computedAsync([locale, isMobile], async (code, mobile) => code.length + Number(mobile))
export const state: 'loading' | 'ready' | 'failed' = user.get().state
// @ts-expect-error
computedAsync([locale], (code: number) => code)

const profile = map({ name: 'Ann' })
export type Profile = StoreValue<typeof profile>
export const names: string[] = [useStore(profile).name, useTheirStore(profile).name]
// @ts-expect-error
export const wrong: number = useTheirStore(profile).name
`

const { Bundler, Node16, NodeNext } = ts.ModuleResolutionKind
const SETTINGS = {
  bundler: { moduleResolution: Bundler, module: ts.ModuleKind.ESNext },
  node16: { moduleResolution: Node16, module: ts.ModuleKind.Node16 },
  nodenext: { moduleResolution: NodeNext, module: ts.ModuleKind.NodeNext }
}

for (const [name, setting] of Object.entries(SETTINGS)) {
  test(`published packages and its own types fit with moduleResolution ${name}`, () => {
    const file = `${project}program.ts`
    writeFileSync(file, PROGRAM)
    const program = ts.createProgram([file], {
      ...setting,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: true
    })
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText, file, start }) =>
        [
          file && `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}`,
          ts.flattenDiagnosticMessageText(messageText, '\n')
        ].join(' ')
      )
    assert.deepEqual(messages, [])
    const used = program.getSourceFiles().map(({ fileName }) => fileName)
    assert.ok(used.includes(`${home}index.d.ts`) && used.includes(`${home}react.d.ts`))
    assert.ok(!used.some(fileName => fileName.startsWith(`${root}node_modules/nanostores/`)))
  })
}
