// Runs every check and test, and adds up what passed and failed: node tests/run.js [NAME ...]
//
// The steps run beside each other in three lanes: those of C that build the same files, those of JavaScript,
// and those that drive browsers and servers, which wait half of the time, so that three are not too many for
// two cores. A lane that is through takes over steps of the last two. What a step printed comes out when it has
// ended.
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'

const root = fileURLToPath(new URL('..', import.meta.url))
const testsIn = folder =>
  readdirSync(root + folder)
    .filter(file => file.endsWith('.test.js'))
    .map(file => `${folder}/${file}`)

const isOfC = file => file.startsWith('tests/c-')
const isOfStorefront = file => file.startsWith('tests/storefront')
const isOfServers = file => /^tests\/(astro|isolation)\./.test(file)
const isOfDocs = file => file === 'tests/docs.test.js'
const testsOfC = testsIn('tests').filter(isOfC)
const testsOfBehaviour = testsIn('tests').filter(
  file => ![isOfC, isOfStorefront, isOfServers, isOfDocs].some(isOf => isOf(file))
)

const nodeTest = (files, seconds) =>
  `node --test --test-concurrency=1 --test-reporter=spec --test-timeout=${seconds}000 ${files.join(' ')}`

const make = targets => `make --no-print-directory ${targets}`

// What several lanes need, so that none builds it under the eyes of another.
const FIRST = {
  build: [make('-j2 lib man examples build/c/asan/liblagoon.a')]
}

const LANES = [
  // What one of these builds, the next ones use
  {
    'engine, plain': [make('test-graph LG_GRAPHS=40000')],
    'engine, valgrind': [make('test-graph-valgrind')],
    'C library, plain': [make('test-c')],
    'C library, valgrind': [make('test-c-valgrind')]
  },
  {
    format: ['npx prettier --check --log-level warn .', make('clang-format')],
    lint: ['npx eslint .'],
    types: ['npx tsc -p tests/tsconfig.json'],
    package: [nodeTest(testsIn('js'), 60)],
    behaviour: [nodeTest(testsOfBehaviour, 240)],
    docs: [nodeTest(testsIn('tests').filter(isOfDocs), 240)],
    size: ['node scripts/size.js']
  },
  {
    // Of the 10,000 requests, as many as there is time for
    servers: [`LAGOON_REQUESTS=1500 ${nodeTest(testsIn('tests').filter(isOfServers), 240)}`],
    ...Object.fromEntries(
      testsIn('tests')
        .filter(isOfStorefront)
        .map(file => [file.slice('tests/'.length, -'.test.js'.length), [nodeTest([file], 240)]])
    ),
    'engine, sanitized': [make('test-graph-sanitized')],
    'C library, sanitized': [make('test-c-sanitized')],
    'C library, coverage': [make('coverage')],
    'C library, threads': [make('test-c-tsan')],
    'C library, random input': [make('fuzz SECONDS=2 SEED=1')],
    'C library, no libc': [make('firmware')],
    'C library, from outside': [nodeTest(testsOfC, 120)]
  }
]

const COUNTS = [
  // node --test
  [/^ℹ pass (\d+)$/gm, /^ℹ (?:fail|cancelled) (\d+)$/gm],
  // cmocka
  [/^\[ {2}PASSED {2}\] (\d+) test/gm, /^\[ {2}FAILED {2}\] \w+: (\d+) test/gm]
]

const sum = (text, pattern) =>
  [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0)

// A check counts as one. What a test runner printed is counted from its closing lines.
const countOf = (output, code) => {
  let passed = 0
  let failed = 0
  for (let [pass, fail] of COUNTS) {
    passed += sum(output, pass)
    failed += sum(output, fail)
  }
  if (!passed && !failed && code === 0) passed = 1
  if (code !== 0 && !failed) failed = 1
  return { passed, failed }
}

// What went wrong, as far as it can be told from the rest of the output.
const reasonIn = output => {
  let [, list] = output.split('failing tests:\n')
  let lines = (list ?? output).trim().split('\n')
  return (list ? lines.slice(0, 40) : lines.slice(-20)).join('\n')
}

const LIMIT = 8 * 60_000
const SIGN_OF_LIFE = 15_000

const running = new Set()
// What a step started is a process group of its own, so that all of it ends with the step.
const stop = child => process.kill(-child.pid, 'SIGKILL')
for (let signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (let child of running) stop(child)
    process.exit(1)
  })
}

const secondsSince = began => `${Math.round((Date.now() - began) / 1000)} s`

// Runs a command, and resolves with its exit code and all that it printed.
const run = (name, command) =>
  new Promise(resolve => {
    let output = ''
    let began = Date.now()
    let stdio = ['ignore', 'pipe', 'pipe']
    let child = spawn(command, { cwd: root, shell: true, detached: true, stdio })
    running.add(child)
    let limit = setTimeout(() => {
      output += `\nstopped after ${LIMIT / 60_000} minutes\n`
      stop(child)
    }, LIMIT)
    let alive = setInterval(() => console.log(`... ${name}: ${secondsSince(began)}`), SIGN_OF_LIFE)
    let gather = chunk => {
      output += chunk
    }
    child.stdout.on('data', gather)
    child.stderr.on('data', gather)
    child.on('close', code => {
      clearTimeout(limit)
      clearInterval(alive)
      running.delete(child)
      resolve({ code, output })
    })
  })

let total = { passed: 0, failed: 0 }
let failures = []
let chosen = process.argv.slice(2)

const runStep = async (name, commands) => {
  if (chosen.length && !chosen.includes(name)) return
  for (let command of commands) {
    let began = Date.now()
    let { code, output } = await run(name, command)
    let { passed, failed } = countOf(output, code)
    if (failed) failures.push(`failed: ${name}: ${command}\n${reasonIn(output)}`)
    total.passed += passed
    total.failed += failed
    process.stdout.write(`\n=== ${name}: ${command}\n${output}`)
    console.log(`=== ${name}: ${passed} passed, ${failed} failed, ${secondsSince(began)}`)
  }
}

// Takes steps off the front of its list, and when that is empty off another one.
const runLane = async (own, lanes) => {
  for (let steps of [own, ...lanes]) {
    while (steps.length) await runStep(...steps.shift())
  }
}

console.log(`Node ${process.version}`)
await runLane(Object.entries(FIRST), [])
let lanes = LANES.map(Object.entries)
let [, ...others] = lanes
await Promise.all(lanes.map(steps => runLane(steps, others)))

for (let failure of failures) console.log(`\n${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
