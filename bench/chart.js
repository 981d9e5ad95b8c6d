// Charts of results as SVG.
import { duration, times } from './report.js'

const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

const frame = (
  width,
  height,
  content
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">
  <rect width="${width}" height="${height}" rx="8" fill="#fbf8f3"/>
${content}
</svg>
`

const titles = (title, subtitle) =>
  `  <text x="20" y="28" font-size="16" font-weight="600">${escape(title)}</text>
  <text x="20" y="46" fill="#6b7280">${escape(subtitle)}</text>`

// From green, where Lagoon is many times as fast, through white to red, where it is slower.
const mix = (from, to, part) => from.map((value, i) => Math.round(value + (to[i] - value) * part))
const WHITE = [253, 252, 249]
const GREEN = [15, 118, 110]
const RED = [194, 65, 12]

const colorsOf = ratio => {
  let part = Math.min(1, Math.abs(Math.log(ratio)) / Math.log(ratio < 1 ? 4 : 30))
  let color = mix(WHITE, ratio < 1 ? RED : GREEN, part)
  return { fill: `rgb(${color})`, ink: part > 0.55 ? '#ffffff' : '#1f2937' }
}

const LABEL = 290
const CELL = 58
const ROW = 24

const cellOf = (result, ours, isOurs, x, y) => {
  let text = '–'
  let { fill, ink } = { fill: '#f1ece3', ink: '#6b7280' }
  if (isOurs && ours.median) {
    text = duration(ours.median)
    fill = '#fbf8f3'
    ink = '#1f2937'
  } else if (result.median && ours.median) {
    text = escape(times(result.median / ours.median))
    ;({ fill, ink } = colorsOf(result.median / ours.median))
  } else if (result.overflow) text = 'stack'
  else if (result.tooSlow) text = 'slow'
  return `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${ROW - 2}" rx="3" fill="${fill}"/><text x="${x + CELL / 2 - 1}" y="${y + 15}" text-anchor="middle" font-size="12" fill="${ink}">${text}</text>`
}

const mapOf = (rows, top) => {
  let [ours, ...names] = Object.keys(rows[0].results)
  let head = [ours, ...names].map((name, i) => {
    let x = LABEL + i * CELL + CELL / 2
    return `  <text x="${x}" y="${top - 8}" font-size="12" transform="rotate(-32 ${x} ${top - 8})">${escape(name)}</text>`
  })
  let lines = rows.map(({ results, shape }, r) => {
    let y = top + r * ROW
    let cells = [ours, ...names].map((name, i) =>
      cellOf(results[name], results[ours], !i, LABEL + i * CELL, y)
    )
    return `  <text x="${LABEL - 12}" y="${y + 15}" text-anchor="end">${escape(shape)}</text>${cells.join('')}`
  })
  return [...head, ...lines].join('\n')
}

/**
 * A table whose cells are colored: the time of the first library, and how many times as long each other
 * takes. parts: one or more of { title, subtitle, rows }, below each other.
 */
export const heatMap = parts => {
  let height = 0
  let content = parts.map(({ rows, subtitle, title }) => {
    let top = height + 130
    let drawn = `<g transform="translate(0 ${height})">\n${titles(title, subtitle)}\n</g>\n${mapOf(rows, top)}`
    height = top + rows.length * ROW + 10
    return drawn
  })
  let columns = Object.keys(parts[0].rows[0].results).length
  return frame(LABEL + columns * CELL + 50, height + 8, content.join('\n'))
}

const BAR_LABEL = 130
const WIDTH = 760
const PART_COLORS = ['#0f766e', '#d97706', '#7c3aed']

/** Bars that are made of parts. bars: { name, parts: numbers, note }, `parts` their names. */
export const stackedBars = ({ bars, parts, subtitle, title, unit }) => {
  let most = Math.max(...bars.map(bar => bar.parts.reduce((sum, part) => sum + part)))
  let scale = (WIDTH - BAR_LABEL - 110) / most
  let legend = parts.map(
    (name, i) =>
      `  <rect x="${BAR_LABEL + i * 120}" y="60" width="12" height="12" rx="2" fill="${PART_COLORS[i]}"/><text x="${BAR_LABEL + 18 + i * 120}" y="71">${escape(name)}</text>`
  )
  let drawn = bars.map((bar, b) => {
    let y = 88 + b * 28
    let x = BAR_LABEL
    let pieces = bar.parts.map((part, i) => {
      let width = part * scale
      let piece = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="20" fill="${PART_COLORS[i]}"/>`
      x += width
      return piece
    })
    let sum = Math.round(bar.parts.reduce((all, part) => all + part)).toLocaleString('en')
    return `  <text x="${BAR_LABEL - 12}" y="${y + 15}" text-anchor="end">${escape(bar.name)}</text>${pieces.join('')}<text x="${(x + 8).toFixed(1)}" y="${y + 15}">${sum} ${unit}</text>`
  })
  return frame(
    WIDTH,
    88 + bars.length * 28 + 14,
    [titles(title, subtitle), ...legend, ...drawn].join('\n')
  )
}
