// Runs every check and test, one after the other, and adds up what passed and failed:
// node tests/run.js [NAME ...]
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'

const root = fileURLToPath(new URL('..', import.meta.url))
const testsIn = folder =>
  readdirSync(root + folder)
    .filter(file => file.endsWith('.test.js'))
    .map(file => `${folder}/${file}`)

const isOfC = file => file.startsWith('tests/c-')
const testsOfC = testsIn('tests').filter(isOfC)

// A check counts as one. What a test runner printed is counted from its closing lines.
const STEPS = {
  format: ['npx prettier --check --log-level warn .', 'make --no-print-directory clang-format'],
  lint: ['npx eslint .'],
  types: ['npx tsc -p tests/tsconfig.json'],
  'engine, plain': ['make --no-print-directory test-graph'],
  'engine, sanitized': ['make --no-print-directory test-graph-sanitized'],
  'engine, valgrind': ['make --no-print-directory test-graph-valgrind'],
  'C library, plain': ['make --no-print-directory -j2 test-c'],
  'C library, sanitized': ['make --no-print-directory -j2 test-c-sanitized'],
  'C library, valgrind': ['make --no-print-directory -j2 test-c-valgrind'],
  'C library, coverage': ['make --no-print-directory -j2 coverage'],
  'C library, threads': ['make --no-print-directory -j2 test-c-tsan'],
  'C library, random input': ['make --no-print-directory fuzz SECONDS=5'],
  'C library, no libc': ['make --no-print-directory -j2 firmware'],
  'C library, from outside': [
    'make --no-print-directory -j2 lib man examples',
    `node --test --test-concurrency=1 --test-reporter=spec --test-timeout=120000 ${testsOfC.join(' ')}`
  ],
  package: [`node --test --test-reporter=spec --test-timeout=60000 ${testsIn('js').join(' ')}`],
  behaviour: [
    `node --test --test-reporter=spec --test-timeout=240000 ${testsIn('tests')
      .filter(file => !file.includes('storefront') && !isOfC(file))
      .join(' ')}`
  ],
  storefront: ['node --test --test-reporter=spec --test-timeout=240000 tests/storefront.test.js'],
  size: ['node scripts/size.js']
}

const COUNTS = [
  // node --test
  [/^ℹ pass (\d+)$/gm, /^ℹ (?:fail|cancelled) (\d+)$/gm],
  // cmocka
  [/^\[ {2}PASSED {2}\] (\d+) test/gm, /^\[ {2}FAILED {2}\] \w+: (\d+) test/gm]
]

const sum = (text, pattern) =>
  [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0)

const LIMIT = 5 * 60_000

let running
// What a step started is a process group of its own, so that all of it ends with the step.
const stop = child => process.kill(-child.pid, 'SIGKILL')
for (let signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running) stop(running)
    process.exit(1)
  })
}

const run = command =>
  new Promise(resolve => {
    let output = ''
    let stdio = ['ignore', 'pipe', 'pipe']
    let child = spawn(command, { cwd: root, shell: true, detached: true, stdio })
    running = child
    let timer = setTimeout(() => {
      console.log(`stopped after ${LIMIT / 60_000} minutes`)
      stop(child)
    }, LIMIT)
    let show = chunk => {
      output += chunk
      process.stdout.write(chunk)
    }
    child.stdout.on('data', show)
    child.stderr.on('data', show)
    child.on('close', code => {
      clearTimeout(timer)
      running = undefined
      resolve({ code, output })
    })
  })

let passed = 0
let failed = 0
let failures = []
let chosen = process.argv.slice(2)

console.log(`Node ${process.version}`)
for (let [name, commands] of Object.entries(STEPS)) {
  if (chosen.length && !chosen.includes(name)) continue
  for (let command of commands) {
    console.log(`\n=== ${name}: ${command}`)
    let began = Date.now()
    let { code, output } = await run(command)
    let ok = 0
    let bad = 0
    for (let [pass, fail] of COUNTS) {
      ok += sum(output, pass)
      bad += sum(output, fail)
    }
    if (!ok && !bad && code === 0) ok = 1
    if (code !== 0 && !bad) bad = 1
    if (bad) failures.push(`${name}: ${command}`)
    passed += ok
    failed += bad
    console.log(
      `=== ${name}: ${ok} passed, ${bad} failed, ${Math.round((Date.now() - began) / 1000)} s`
    )
  }
}

for (let failure of failures) console.log(`failed: ${failure}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0
