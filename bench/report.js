// What the benchmarks print, and where they write it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { format } from 'prettier'
import { OURS, versionsOf } from './peers.js'

const [OURSELVES] = OURS
const folder = new URL('./results/', import.meta.url)

/** The machine, the day, and the libraries that are compared. */
export const aboutRun = names => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  cpu: cpus()[0].model,
  libraries: versionsOf(names)
})

/** Writes an object or a text into bench/results, an object as `make lint` wants to see it. */
export const save = async (name, content) => {
  let text =
    typeof content === 'string'
      ? content
      : await format(JSON.stringify(content), { parser: 'json', printWidth: 100 })
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(name, folder), text)
}

let told = ''
/** Says on stderr what is going on: on one line of a terminal, elsewhere only when `part` is another. */
export const progress = (part = '', rest = '') => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${part}${rest}`)
  else if (part && part !== told) process.stderr.write(`${part}\n`)
  told = part
}

/** 1234 → '1.23 µs' */
export const duration = ns => {
  let [unit, size] = ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['µs', 1e3] : ['ms', 1e6]
  return `${Number((ns / size).toPrecision(3))} ${unit}`
}

export const times = ratio =>
  ratio < 0.005 ? '<0.01' : ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0)

const cellOf = (result, ours, isOurs) => {
  if (!result) return ''
  let { median, overflow, quartiles, tooSlow } = result
  if (overflow) return 'overflow'
  if (tooSlow) return 'too slow'
  if (!median) return '–'
  let spread = `±${(((quartiles[1] - quartiles[0]) / 2 / median) * 100).toFixed(0)}%`
  if (isOurs || !ours?.median) return `${duration(median)} ${spread}`
  return `${times(median / ours.median)} ${spread}`
}

// As many columns beside each other as the terminal has room for.
const inBlocks = (head, lines, room) => {
  let widths = head.map((_, i) => Math.max(...[head, ...lines].map(line => line[i].length)))
  let [first] = widths
  let blocks = [[]]
  let used = first
  for (let i = 1; i < head.length; i++) {
    if (used + widths[i] + 2 > room && blocks.at(-1).length) {
      blocks.push([])
      used = first
    }
    blocks.at(-1).push(i)
    used += widths[i] + 2
  }
  return blocks
    .map(columns =>
      [head, ...lines]
        .map(line =>
          [line[0].padEnd(first), ...columns.map(i => line[i].padStart(widths[i]))].join('  ')
        )
        .join('\n')
    )
    .join('\n\n')
}

/** Why some cells have no number. */
const reasonsOf = rows => {
  let reasons = new Map()
  for (let { results, shape } of rows) {
    for (let [name, { overflow, tooSlow, without }] of Object.entries(results)) {
      let reason =
        without ?? tooSlow ?? (overflow && `overflows the call stack when it is ${overflow}`)
      if (!reason) continue
      let key = `${name} ${reason}`
      reasons.set(key, [...(reasons.get(key) ?? []), shape])
    }
  }
  return [...reasons].map(([reason, shapes]) => `  ${reason} (${shapes.join('; ')})`).join('\n')
}

/** The rows of a run as a table for the terminal. */
export const tableOf = rows => {
  let names = Object.keys(rows[0].results)
  let lines = rows.map(({ results, shape }) => [
    shape,
    ...names.map(name => cellOf(results[name], results[OURSELVES], name === OURSELVES))
  ])
  let reasons = reasonsOf(rows)
  return [
    `time of ${OURSELVES}, and how many times as long the others take: medians, ± half of the middle half`,
    '',
    inBlocks(['', ...names], lines, process.stdout.columns ?? 120),
    ...(reasons ? ['', 'without a number:', reasons] : [])
  ].join('\n')
}
