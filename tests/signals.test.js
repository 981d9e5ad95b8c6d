// The published test suite for libraries of signals, reactive-framework-test-suite, on Lagoon. Its
// last section asks how a library behaves where several ways are right; docs/differences.md says the
// same.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { atom, batch, computed, effect, effectScope, untracked } from '../js/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lagoon-'))
after(() => rmSync(folder, { recursive: true, force: true }))

// The package is TypeScript.
const outfile = join(folder, 'suite.mjs')
const entry = createRequire(import.meta.url).resolve('reactive-framework-test-suite')
await build({ entryPoints: [entry], bundle: true, format: 'esm', outfile })
const { testSuite } = await import(pathToFileURL(outfile))

const lagoon = {
  name: 'lagoon',
  signal(value) {
    let { get, set } = atom(value)
    return { read: get, write: set }
  },
  computed: fn => ({ read: computed(fn).get }),
  effect,
  run: effectScope,
  batch,
  untracked
}

let count = 0
for (let { section, cases, type } of testSuite) {
  if (type === 'behavioral') continue
  describe(section, () => {
    for (let [name, run] of Object.entries(cases)) {
      count++
      test(name, () => run(lagoon))
    }
  })
}

test('all 163 cases were run', () => assert.equal(count, 163))

test('where libraries differ, docs/differences.md says what Lagoon does', () => {
  const { cases } = testSuite.find(({ type }) => type === 'behavioral')
  const page = readFileSync(root + 'docs/differences.md', 'utf8')
  const rows = [...page.matchAll(/^\| (#\d+ [^|]*?) +\| ([^|]*?) +\|/gm)].map(row => row.slice(1))
  const behaviour = Object.entries(cases).map(([name, run]) => [name, run(lagoon)])
  assert.deepEqual(rows, behaviour)
})
