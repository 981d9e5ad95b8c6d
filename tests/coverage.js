// Reads what gcov counted: node tests/coverage.js FOLDER NAME ... Prints each branch of src/NAME.c and
// src/NAME.h that was never taken, and fails if there is one. A file may be compiled into several
// programs, of which one has to take a branch.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join, relative, resolve } from 'node:path'

const root = fileURLToPath(new URL('..', import.meta.url))
const [folder, ...names] = process.argv.slice(2)
const isWanted = file => names.some(name => file === `src/${name}.c` || file === `src/${name}.h`)

const countsOf = data => {
  let args = ['--json-format', '--stdout', '--branch-probabilities', data]
  return JSON.parse(execFileSync('gcov', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }))
}

// How often each branch was taken, by `file:line`. Where a program was built with other limits, a
// line may have fewer branches: those count by themselves.
const lines = new Map()
const add = (file, { line_number: line, branches }) => {
  if (!branches.length) return
  let key = `${file}:${line}:${branches.length}`
  let sums = lines.get(key) ?? branches.map(() => 0)
  lines.set(
    key,
    sums.map((sum, i) => sum + branches[i].count)
  )
}

for (let name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith('.gcda')) continue
  for (let { file, lines: counted } of countsOf(resolve(folder, name)).files) {
    let path = relative(root, resolve(root, file))
    if (isWanted(path)) for (let line of counted) add(path, line)
  }
}

const textOf = (file, line) => readFileSync(join(root, file), 'utf8').split('\n')[line - 1].trim()

let count = 0
let missed = 0
for (let [key, sums] of [...lines].sort(([a], [b]) =>
  a.localeCompare(b, 'en', { numeric: true })
)) {
  let [file, line] = key.split(':')
  count += sums.length
  missed += sums.filter(sum => !sum).length
  if (sums.includes(0)) console.log(`${file}:${line} [${sums.join(' ')}] ${textOf(file, line)}`)
}
console.log(`${count - missed} of ${count} branches are taken`)
if (missed || !count) process.exit(1)
