import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as nanostores from 'nanostores'
import * as lagoon from './index.js'

// What only Lagoon has.
const OWN = ['effectScope', 'fromStore', 'perLagoon', 'share', 'untracked']

test('the package has the names of Nano Stores, and a few of its own', () => {
  const names = Object.keys(lagoon).filter(name => !OWN.includes(name))
  assert.deepEqual(names, Object.keys(nanostores))
  for (const [name, value] of Object.entries(nanostores)) {
    assert.equal(typeof lagoon[name], typeof value, name)
  }
})

// A project that has the package, as npm would put it there.
const project = mkdtempSync(join(tmpdir(), 'lagoon-'))
const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))

before(() => {
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(fileURLToPath(new URL('.', import.meta.url)), join(project, 'node_modules/lagoon'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(project, 'good.ts'),
    `import { atom, computed, type ReadableAtom } from 'lagoon'
    const count = atom(1)
    export const text: ReadableAtom<string> = computed(count, value => value.toFixed())`
  )
  writeFileSync(
    join(project, 'bad.ts'),
    `import { atom } from 'lagoon'
    atom(1).set('text')`
  )
})

after(() => rmSync(project, { recursive: true, force: true }))

const check = args =>
  promisify(execFile)(
    process.execPath,
    [
      tsc,
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--lib',
      'es2022',
      ...args,
      'good.ts',
      'bad.ts'
    ],
    { cwd: project }
  ).then(
    () => [],
    error => error.stdout.trim().split('\n')
  )

for (const [resolution, module] of [
  ['bundler', 'esnext'],
  ['node16', 'node16'],
  ['nodenext', 'nodenext']
]) {
  test(`the types are found with moduleResolution ${resolution}`, async () => {
    const errors = await check(['--module', module, '--moduleResolution', resolution])
    assert.equal(errors.length, 1, errors.join('\n'))
    assert.match(errors[0], /^bad\.ts\(2,17\): error TS2345/)
  })
}
