// Lagoon beside Nano Stores: all shapes, both libraries in one process, rounds interleaved, medians.
// node bench/run.js [PART OF A SHAPE'S NAME]. Writes bench/results/updates.json and updates.svg.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import * as nanostores from 'nanostores'
import * as lagoon from '../js/index.js'
import { chart } from './chart.js'
import { SHAPES } from './shapes.js'

const { version } = createRequire(import.meta.url)('nanostores/package.json')
const LIBRARIES = { lagoon, [`nanostores ${version}`]: nanostores }
const ROUNDS = 61
const ROUND_MS = 4

const time = (update, count) => {
  let began = process.hrtime.bigint()
  for (let i = 0; i < count; i++) update()
  return Number(process.hrtime.bigint() - began) / count
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1]

const measure = shape => {
  let runs = Object.values(LIBRARIES).map(library => ({ ...shape(library), times: [] }))
  // Warm-up; how many updates fill a round is the same for all, or their sums would differ
  let count = 1
  while (runs.some(({ update }) => time(update, count) * count < ROUND_MS * 1e6) && count < 1e6) {
    count *= 2
  }
  runs = Object.values(LIBRARIES).map((library, i) => ({ ...shape(library), times: runs[i].times }))
  for (let round = 0; round < ROUNDS; round++) {
    for (let run of runs) run.times.push(time(run.update, count))
  }
  let sums = runs.map(({ sum }) => sum())
  if (new Set(sums).size > 1) throw new Error(`the libraries did different work: ${sums}`)
  return runs.map(({ times }) => median(times.slice(5)))
}

let wanted = process.argv[2] ?? ''
let names = Object.keys(LIBRARIES)
let rows = []
console.log(`ns per update, median of ${ROUNDS - 5} rounds; Node ${process.version}`)
console.log(
  ['shape'.padEnd(40), ...names.map(name => name.padStart(18)), 'ratio'.padStart(8)].join('')
)
for (let [name, shape] of Object.entries(SHAPES)) {
  if (!name.includes(wanted)) continue
  let medians = measure(shape)
  let ratio = medians[1] / medians[0]
  rows.push({
    shape: name,
    medians: Object.fromEntries(names.map((n, i) => [n, medians[i]])),
    ratio
  })
  console.log(
    [
      name.padEnd(40),
      ...medians.map(ns => ns.toFixed(0).padStart(18)),
      `${ratio.toFixed(2)}×`.padStart(8)
    ].join('')
  )
}
let mean = Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length)
console.log(`geometric mean: ${mean.toFixed(2)}×`)

if (!wanted) {
  let folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  let result = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0].model,
    rows
  }
  writeFileSync(new URL('updates.json', folder), `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(new URL('updates.svg', folder), chart(result, names))
}
