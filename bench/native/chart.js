// Draws the results of the native benchmarks: how many times as long each peer takes, by shape.
// node bench/native/chart.js RESULTS.json CHART.svg
import { readFileSync, writeFileSync } from 'node:fs'

const WIDTH = 760
const LABEL = 270
const BAR = 14
const GAP = 16
const COLORS = ['#0f766e', '#b45309']
const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const times = ratio => `${ratio.toFixed(ratio < 100 ? 2 : 0)}×`

const why = ({ failures, largeStacks }, peer) =>
  [largeStacks?.[peer] && 'overflows the stack of 8 MiB', failures?.[peer]]
    .filter(Boolean)
    .join('; on 1 GiB ')

const chart = ({ date, libraries, rows }) => {
  let [ours, ...peers] = Object.keys(libraries)
  let ratios = rows.flatMap(row => Object.values(row.ratios ?? {}))
  let [least, most] = [Math.min(1, ...ratios), Math.max(2, ...ratios)]
  let room = WIDTH - LABEL - 80
  let x = ratio => LABEL + (Math.log(ratio / least) / Math.log(most / least)) * room
  let step = peers.length * BAR + GAP
  let height = 90 + rows.length * step
  let bar = (row, peer, i, y) => {
    let ratio = row.ratios?.[peer]
    let note = why(row, peer)
    if (!ratio) return `<text x="${(x(1) + 8).toFixed(1)}" y="${y + 11}">${escape(note)}</text>`
    let [from, to] = [x(1), x(ratio)].sort((a, b) => a - b)
    return `<rect x="${from.toFixed(1)}" y="${y}" width="${(to - from).toFixed(1)}" height="${BAR - 2}" rx="2" fill="${COLORS[i]}"/>
  <text x="${(Math.max(x(1), to) + 8).toFixed(1)}" y="${y + 11}">${times(ratio)}${row.largeStacks?.[peer] ? '*' : ''}</text>`
  }
  let drawn = rows.map((row, r) => {
    let y = 84 + r * step
    return `  <text x="${LABEL - 12}" y="${y + (peers.length * BAR) / 2 + 4}" text-anchor="end">${escape(row.shape)}</text>
  ${peers.map((peer, i) => bar(row, peer, i, y + i * BAR)).join('\n  ')}`
  })
  let legend = peers.map(
    (peer, i) =>
      `  <rect x="${LABEL + i * 160}" y="58" width="12" height="12" rx="2" fill="${COLORS[i]}"/>
  <text x="${LABEL + 18 + i * 160}" y="69">${escape(`${peer} ${libraries[peer]}`)}</text>`
  )
  let star = rows.some(row => row.largeStacks) ? ' * on a stack of 1 GiB.' : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">
  <rect width="${WIDTH}" height="${height}" rx="8" fill="#fbf8f3"/>
  <text x="20" y="28" font-size="16" font-weight="600">Time of an update: how many times as long as ${escape(ours)}</text>
  <text x="20" y="46" fill="#6b7280">Ratio of medians in one run, ${date}, logarithmic. Right of the line ${escape(ours)} is faster.${star}</text>
${legend.join('\n')}
${drawn.join('\n')}
  <line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="78" y2="${height - 12}" stroke="#1f2937"/>
</svg>
`
}

let [from, to] = process.argv.slice(2)
if (!to) throw new Error('node bench/native/chart.js RESULTS.json CHART.svg')
writeFileSync(to, chart(JSON.parse(readFileSync(from, 'utf8'))))
