// include/lagoon.h: alone in C and C++, each function documented and exported, each example run.
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { functionsOf, readHeader } from '../scripts/header.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}build/header/`
const read = file => readFileSync(root + file, 'utf8')
const groups = readHeader(`${root}include/lagoon.h`)
const functions = functionsOf(groups)

const run = (command, args, input) => {
  try {
    let stdio = ['pipe', 'pipe', 'pipe']
    return execFileSync(command, args, {
      cwd: root,
      encoding: 'utf8',
      input,
      stdio,
      timeout: 60_000
    })
  } catch (error) {
    throw new Error(`${command}: ${error.stdout}${error.stderr}`, { cause: error })
  }
}

const make = target =>
  execFileSync('make', ['-j2', target], {
    cwd: root,
    env: { ...process.env, MAKEFLAGS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 120_000
  })

const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror']

for (let [compiler, language, standard] of [
  ['gcc', 'c', 'c11'],
  ['clang', 'c', 'c11'],
  ['gcc', 'c', 'c17'],
  ['g++', 'c++', 'c++11'],
  ['g++', 'c++', 'c++17'],
  ['clang++', 'c++', 'c++11'],
  ['clang++', 'c++', 'c++17']
]) {
  test(`the header alone: ${compiler}, ${standard}`, () => {
    let flags = [`-std=${standard}`, ...WARNINGS, '-Iinclude', '-fsyntax-only', '-x', language, '-']
    run(compiler, flags, '#include <lagoon.h>\n#include <lagoon.h>\n')
  })
}

test('every function is documented, and begins with lg_', () => {
  assert.ok(functions.length > 100)
  for (let { name, isDocumented } of functions) {
    assert.ok(isDocumented, name)
    assert.match(name, /^lg_/)
  }
})

test('no function of the header escapes the reader of comments', () => {
  let code = read('include/lagoon.h').replace(/\/\*[^]*?\*\//g, '')
  let declared = [...code.matchAll(/^(?!typedef|#|\s)[\w ]+[ *](lg_\w+)\(/gm)].map(
    match => match[1]
  )
  assert.deepEqual(
    functions.map(({ name }) => name),
    declared
  )
})

test('liblagoon.map lists the functions of the header, no more and no less', () => {
  let listed = [...read('src/liblagoon.map').matchAll(/^ +(lg_\w+);$/gm)].map(match => match[1])
  assert.deepEqual(
    listed.sort(),
    functions
      .filter(({ inline }) => !inline)
      .map(({ name }) => name)
      .sort()
  )
})

test('the version is that of the npm package', () => {
  let { version } = JSON.parse(read('js/package.json'))
  let header = read('include/lagoon.h')
  let number = part => new RegExp(`^#define LG_VERSION_${part} (\\d+)$`, 'm').exec(header)[1]
  assert.equal(/^#define LG_VERSION "(.*)"$/m.exec(header)[1], version)
  assert.equal(['MAJOR', 'MINOR', 'PATCH'].map(number).join('.'), version)
})

describe('the examples', () => {
  before(() => {
    make('build/c/asan/liblagoon.a')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  })

  for (let group of groups) {
    let examples = [group, ...group.entries]
      .flatMap(({ parts }) => parts)
      .filter(({ code }) => code)
    for (let [index, { code }] of examples.entries()) {
      let name = `${group.name || 'lagoon'}-${index + 1}`
      test(name, () => {
        let file = `${folder}${name}.c`
        writeFileSync(
          file,
          `#include "../../tests/c/examples_prelude.h"
static void example(lg_lagoon *lagoon) {
  (void)lagoon;
  {
#line 1 "${name}"
${code}
  }
}
int main(void) {
  lg_lagoon *lagoon = lg_lagoon_new(NULL);
  example(lagoon);
  if (*lg_last_error(lagoon)) fprintf(stderr, "%s\\n", lg_last_error(lagoon));
  return lg_last_status(lagoon) || lg_lagoon_free(lagoon);
}
`
        )
        let warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wno-unused-function']
        let links = ['build/c/asan/liblagoon.a', '-ljansson', '-pthread', '-lm']
        let sanitize = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
        let program = file.slice(0, -2)
        run('gcc', [
          '-std=c11',
          ...warnings,
          ...sanitize,
          '-Iinclude',
          file,
          '-o',
          program,
          ...links
        ])
        run(program, [])
      })
    }
  }

  test('are at least one for each group', () => {
    for (let { name, parts } of groups) {
      assert.ok(
        parts.some(({ code }) => code),
        name
      )
    }
  })
})
