// The figures to reach, from the last results: node bench/figures.js
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { OURS } from './peers.js'
import { times } from './report.js'

const [OURSELVES, TRACKED] = OURS

const geometricMean = list => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length)

const medianOf = (rows, shape, name = OURSELVES) =>
  rows.find(row => row.shape === shape)?.results[name]?.median

// How many times as long a library takes, by shape, from the least to the most.
const ratiosOf = (rows, name) =>
  rows
    .filter(({ results }) => results[name]?.median && results[OURSELVES]?.median)
    .map(({ results, shape }) => ({
      shape,
      ratio: results[name].median / results[OURSELVES].median
    }))
    .sort((a, b) => a.ratio - b.ratio)

const atLeast = (what, goal, got, where) => ({ what, goal, got, where, reached: got >= goal })
export const atMost = (what, goal, got, where) => ({ what, goal, got, where, reached: got <= goal })

const against = (rows, name, goals) => {
  let ratios = ratiosOf(rows, name)
  if (!ratios.length) return []
  let [{ ratio, shape }] = ratios
  return [
    atLeast(`times as long as Lagoon: ${name}, at least`, goals.each, ratio, shape),
    atLeast(
      `times as long as Lagoon: ${name}, geometric mean`,
      goals.mean,
      geometricMean(ratios.map(each => each.ratio))
    )
  ]
}

const fastestOf = rows => {
  let peers = Object.keys(rows[0].results).filter(name => !OURS.includes(name))
  let all = peers.flatMap(name => ratiosOf(rows, name).map(each => ({ name, ...each })))
  let faster = all.filter(({ ratio }) => ratio < 1).sort((a, b) => a.ratio - b.ratio)
  if (!all.length) return []
  return [
    atMost(
      'shapes on which a library is faster',
      0,
      faster.length,
      faster.map(({ name, ratio, shape }) => `${name} ${times(ratio)} on ${shape}`).join('; ')
    )
  ]
}

const trackedOf = rows => {
  let ratios = ratiosOf(rows, TRACKED)
  if (!ratios.length) return []
  let worst = ratios.map(({ ratio, shape }) => ({ ratio: Math.max(ratio, 1 / ratio), shape }))
  let { ratio, shape } = worst.sort((a, b) => b.ratio - a.ratio)[0]
  return [atMost('tracked and explicit computeds apart, times', 1.2, ratio, shape)]
}

const linearityOf = rows => {
  let many = medianOf(rows, '100,000 computeds on one atom')
  let few = medianOf(rows, '1,000 computeds on one atom')
  if (!many || !few) return []
  return [atMost('each of 100,000 computeds, in times of one of 1,000', 1.5, many / few / 100)]
}

/** What the rows of an update, and those of a creation, say of the figures to reach. */
export const figuresOf = {
  updates: rows => [
    ...against(rows, 'alien-signals', { each: 1.5, mean: 2.5 }),
    ...against(rows, 'nanostores', { each: 1, mean: 8 }),
    ...fastestOf(rows),
    ...trackedOf(rows),
    ...linearityOf(rows)
  ],
  creation: rows => [
    ...ratiosOf(
      rows.filter(({ shape }) => shape.startsWith('creation')),
      'alien-signals'
    ).map(({ ratio, shape }) => atLeast('times as long as Lagoon: alien-signals', 1, ratio, shape)),
    ...fastestOf(rows)
  ]
}

/** The figures as lines for the terminal. */
export const textOf = figures =>
  figures
    .map(({ got, goal, reached, what, where }) => {
      let number = Number.isInteger(got) ? got : times(got)
      return `${reached ? 'yes' : 'no '}  ${what}: ${number} (${goal})${where ? `: ${where}` : ''}`
    })
    .join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log('figures to reach: reached or not, the figure, and in parentheses what it should be')
  for (let name of ['updates', 'creation', 'memory', 'browsers']) {
    let file = new URL(`results/${name}.json`, import.meta.url)
    if (!existsSync(file)) continue
    let { date, figures } = JSON.parse(readFileSync(file, 'utf8'))
    console.log(`${name}, ${date}\n${textOf(figures)}`)
  }
}
