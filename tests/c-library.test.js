// The C library as others meet it: installed, found by pkg-config and CMake, linked and run, read
// with man, uninstalled.
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { functionsOf, readHeader } from '../scripts/header.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = `${root}build/outside world/`
const { version } = JSON.parse(readFileSync(`${root}js/package.json`, 'utf8'))
const exported = functionsOf(readHeader(`${root}include/lagoon.h`)).filter(({ inline }) => !inline)

const run = (command, args, { env, ...options } = {}) => {
  try {
    return execFileSync(command, args, {
      cwd: root,
      encoding: 'utf8',
      timeout: 120_000,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MAKEFLAGS: '', ...env },
      ...options
    })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}: ${error.stdout}${error.stderr}`, {
      cause: error
    })
  }
}
const make = (...args) => run('make', ['-j2', ...args])
const lines = text => text.trim().split('\n')

// All that is no folder, below a folder.
const filesIn = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(folder.length))

const PRINTED = [
  'items: 0',
  'items: 2',
  'items: 3',
  '{"astronaut-figurine":2,"moon-lamp":1}',
  version
]
const PRINTED_BY_CPP = ['moon-lamp: 1', 'moon-lamp: 3']

// The same programs with a library that is in `libdir`; `env` lets pkg-config find it there.
const describeOutside = (title, { libdir, env, pkgconfig = 'pkg-config' }) => {
  let build = `${work}${title}/`
  let path = { LD_LIBRARY_PATH: libdir }

  // As a makefile would do it: pkg-config's answer is a piece of a command line.
  let compile = (compiler, source, flag = '') => {
    let program = `${build}${source}${flag}.out`
    let answer = run('sh', ['-c', `${pkgconfig} ${flag && '--static'} --cflags --libs lagoon`], {
      env
    })
    run('sh', [
      '-c',
      `${compiler} -Wall -Werror tests/outside/${source} -o "$0" ${flag} ${answer}`,
      program
    ])
    return program
  }
  let needs = program =>
    [...run('readelf', ['-d', program]).matchAll(/NEEDED.*\[(.*)\]/g)].map(match => match[1])

  describe(title, () => {
    before(() => mkdirSync(build, { recursive: true }))

    test('pkg-config, shared', () => {
      let program = compile('gcc', 'program.c')
      assert.ok(needs(program).includes('liblagoon.so.1'))
      assert.deepEqual(lines(run(program, [], { env: path })), PRINTED)
    })

    test('pkg-config, static', () => {
      let program = compile('gcc', 'program.c', '-static')
      assert.deepEqual(needs(program), [])
      assert.deepEqual(lines(run(program, [])), PRINTED)
    })

    test('pkg-config, C++', () => {
      let program = compile('g++', 'program.cpp')
      assert.deepEqual(lines(run(program, [], { env: path })), PRINTED_BY_CPP)
    })

    test('CMake', () => {
      let from = ['-S', `${root}tests/outside`, '-B', `${build}cmake`]
      run('cmake', [...from, `-DLagoon_DIR=${libdir}/cmake/Lagoon`])
      run('cmake', ['--build', `${build}cmake`, '--parallel', '2'])
      assert.deepEqual(lines(run(`${build}cmake/shared`, [])), PRINTED)
      assert.deepEqual(lines(run(`${build}cmake/static`, [])), PRINTED)
      assert.deepEqual(lines(run(`${build}cmake/plusplus`, [])), PRINTED_BY_CPP)
      assert.ok(needs(`${build}cmake/shared`).includes('liblagoon.so.1'))
      assert.ok(!needs(`${build}cmake/static`).includes('liblagoon.so.1'))
    })
  })
}

rmSync(work, { recursive: true, force: true })

describe('staged below DESTDIR', () => {
  let stage = `${work}stage`
  let args = [`DESTDIR=${stage}`, 'PREFIX=/usr']
  let home = `${stage}/usr`
  let pages = `${home}/share/man/man3/`
  before(() => make('install', ...args))

  test('has the header, both libraries and the symbolic links', () => {
    assert.ok(existsSync(`${home}/include/lagoon.h`))
    assert.ok(existsSync(`${home}/lib/liblagoon.a`))
    assert.equal(readlinkSync(`${home}/lib/liblagoon.so`), 'liblagoon.so.1')
    assert.equal(readlinkSync(`${home}/lib/liblagoon.so.1`), `liblagoon.so.${version}`)
    assert.match(
      run('readelf', ['-d', `${home}/lib/liblagoon.so.${version}`]),
      /SONAME.*\[liblagoon\.so\.1\]/
    )
  })

  test('has the npm package', () => {
    assert.equal(
      run(
        process.execPath,
        ['-e', "import('lagoon').then(({ atom }) => console.log(atom(3).get()))"],
        {
          cwd: `${home}/lib`
        }
      ),
      '3\n'
    )
  })

  test('names neither DESTDIR nor this checkout', () => {
    for (let file of filesIn(home).filter(name => /\.(pc|cmake|3)$/.test(name))) {
      let text = readFileSync(home + file, 'utf8')
      assert.ok(!text.includes(stage) && !text.includes(root), file)
      assert.doesNotMatch(text, /@[A-Z]+@/, file)
    }
  })

  test('the shared library exports the functions of the header, and nothing else', () => {
    let names = lines(run('nm', ['-D', '--defined-only', `${home}/lib/liblagoon.so`]))
      .map(line => line.split(' '))
      .filter(([, type]) => type !== 'A')
      .map(([, type, name]) => `${type} ${name.replace('@@LAGOON_1', '')}`)
    assert.deepEqual(names.sort(), exported.map(({ name }) => `T ${name}`).sort())
  })

  test('the static library defines nothing that does not begin with lg_', () => {
    let text = run('nm', ['-g', '--defined-only', `${home}/lib/liblagoon.a`])
    let names = [...text.matchAll(/^[0-9a-f]+ \w (.*)$/gm)].map(match => match[1])
    assert.ok(names.length >= exported.length)
    assert.deepEqual(
      names.filter(name => !name.startsWith('lg_')),
      []
    )
  })

  test('CMake refuses a version that is too new, and another major version', () => {
    for (let wanted of ['1.999', '2.0', '0.9']) {
      let from = ['-S', `${root}tests/outside`, '-B', `${work}refused`]
      assert.throws(
        () => run('cmake', [...from, `-DWANTED=${wanted}`, `-DCMAKE_PREFIX_PATH=${home}`]),
        /compatible\s+with requested version/
      )
    }
  })

  test('man shows the page of each function', () => {
    let manual = name =>
      run('man', ['-M', `${home}/share/man`, '3', name], {
        env: { MANPAGER: 'cat', MANWIDTH: '80', LC_ALL: 'C.UTF-8' }
      })
    assert.match(manual('lg_set'), /lg_set\(store, value\)\n +Sets the value/)
    assert.match(manual('lg_change'), /What a listener is told/)
    assert.match(manual('lagoon'), /stores that any part of a program can read/)
    for (let { name } of functionsOf(readHeader(`${root}include/lagoon.h`))) {
      let page = readFileSync(`${pages}${name}.3`, 'utf8')
      let [, target] = /^\.so man3\/(\w+\.3)\n$/.exec(page) ?? [undefined, `${name}.3`]
      assert.ok(readFileSync(pages + target, 'utf8').includes(`\\fB${name}\\fR(`), name)
    }
  })

  test('the manual is clean roff', () => {
    let files = readdirSync(pages).filter(
      name => !readFileSync(pages + name, 'utf8').startsWith('.so ')
    )
    assert.ok(files.length > 15)
    assert.equal(run('mandoc', ['-T', 'lint', '-W', 'warning', ...files], { cwd: pages }), '')
  })

  describeOutside('a staged library', {
    libdir: `${home}/lib`,
    pkgconfig: 'pkg-config --define-prefix', // the prefix is where lagoon.pc lies
    env: { PKG_CONFIG_PATH: `${home}/lib/pkgconfig` }
  })

  test('uninstall leaves nothing', () => {
    make('uninstall', ...args)
    assert.deepEqual(filesIn(stage), [])
    for (let folder of ['lib/cmake/Lagoon', 'lib/node_modules/lagoon']) {
      assert.ok(!existsSync(`${home}/${folder}`), folder)
    }
  })
})

describe('in a prefix of its own, with another folder for libraries', () => {
  let home = `${work}my prefix`
  let libdir = `${home}/lib/some-machine`
  let args = [`PREFIX=${home}`, `LIBDIR=${libdir}`]
  before(() => make('install-c', ...args))

  describeOutside('its own prefix', {
    libdir,
    env: { PKG_CONFIG_PATH: `${libdir}/pkgconfig` }
  })

  test('uninstall leaves nothing', () => {
    make('uninstall-c', ...args)
    assert.deepEqual(filesIn(home), [])
  })
})

test('JSON=no needs no Jansson, and says what is missing', () => {
  // Without the linker's optimizations, for it is slow
  make('lib', 'JSON=no', 'LTO=', 'BUILD=build/without-json')
  let shared = 'build/without-json/liblagoon.so'
  assert.doesNotMatch(run('readelf', ['-d', shared]), /jansson/)
  let program = `${root}build/without-json/program`
  let links = ['build/without-json/liblagoon.a', '-o', program]
  run('gcc', ['-Iinclude', 'tests/outside/program.c', ...links])
  assert.deepEqual(
    lines(run(program, [])),
    PRINTED.map(line => (line.startsWith('{') ? 'without JSON' : line))
  )
})
