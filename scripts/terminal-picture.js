// Draws docs/images/terminal-cart.svg: what examples/c/terminal-cart shows in a real terminal. Build
// it first: make examples && node scripts/terminal-picture.js
import { fileURLToPath } from 'node:url'
import { writeFileSync } from 'node:fs'
import { openTerminal } from '../tests/terminal.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = `${root}build/examples/terminal-cart`
const PICTURE = `${root}docs/images/terminal-cart.svg`
const COLUMNS = 80
const ROWS = 24

// In pixels: a cell, and what is around the screen.
const WIDTH = 9
const HEIGHT = 19
const MARGIN = 20

// The storefront's colours at night.
const BACKGROUND = '#14162c'
const FOREGROUND = '#eef0fb'
const QUIET = '#b3b7d6'
const COLOURS = { 30: BACKGROUND, 32: '#a9dd8f', 36: '#7fdccb', 46: '#7fdccb' }

// Which of its edges a line leads to from the middle of the cell: left, right, up, down.
const LINES = { '─': 'lr', '│': 'ud', '┌': 'rd', '┐': 'ld', '└': 'ru', '┘': 'lu' }

const PLAIN = { isBold: false, isQuiet: false, isReverse: false, colour: 39, behind: 49 }

const styleAfter = (style, codes) => {
  for (let code of codes.split(';').map(Number)) {
    if (code === 0) style = PLAIN
    else if (code === 1) style = { ...style, isBold: true }
    else if (code === 2) style = { ...style, isQuiet: true }
    else if (code === 7) style = { ...style, isReverse: true }
    else if (code >= 30 && code <= 39) style = { ...style, colour: code }
    else if (code >= 40 && code <= 49) style = { ...style, behind: code }
    else throw new Error(`what does ${code} mean?`)
  }
  return style
}

/** The cells of each row: what tmux captured, taken apart. */
const cellsOf = capture => {
  let style = PLAIN
  return capture.split('\n').map(row => {
    let cells = []
    // eslint-disable-next-line no-control-regex
    for (let [, codes, character] of row.matchAll(/\u001b\[([0-9;]*)m|(.)/gsu)) {
      if (character) cells.push({ character, style })
      else style = styleAfter(style, codes || '0')
    }
    return cells
  })
}

const paintOf = ({ isQuiet, isReverse, colour, behind }) => {
  let front = COLOURS[colour] ?? (isQuiet ? QUIET : FOREGROUND)
  let back = COLOURS[behind] ?? BACKGROUND
  return isReverse ? { front: back, back: front } : { front, back }
}

// A drawing leaves out ordinary spaces that follow each other.
const escape = text =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/ /g, '\u00a0')

const drawLine = (edges, x, y, { front }) => {
  let centre = `${x + WIDTH / 2} ${y + HEIGHT / 2}`
  let ends = {
    l: `${x} ${y + HEIGHT / 2}`,
    r: `${x + WIDTH} ${y + HEIGHT / 2}`,
    u: `${x + WIDTH / 2} ${y}`,
    d: `${x + WIDTH / 2} ${y + HEIGHT}`
  }
  return `<path stroke="${front}" d="M${ends[edges[0]]} L${centre} L${ends[edges[1]]}"/>`
}

const drawText = (text, x, y, { isBold }, { front }) =>
  `<text x="${x}" y="${y + 14}" textLength="${text.length * WIDTH}" fill="${front}"` +
  `${isBold ? ' font-weight="700"' : ''}>${escape(text)}</text>`

/** Neighbours of one style are drawn together, lines one by one. */
const drawRow = (cells, y) => {
  let shapes = []
  for (let start = 0, end; start < cells.length; start = end) {
    let { character, style } = cells[start]
    let paint = paintOf(style)
    let x = MARGIN + start * WIDTH
    end = start + 1
    if (LINES[character]) {
      shapes.push(drawLine(LINES[character], x, y, paint))
      continue
    }
    while (cells[end]?.style === style && !LINES[cells[end].character]) end++
    let text = cells.slice(start, end).map(cell => cell.character)
    if (paint.back !== BACKGROUND) {
      let width = (end - start) * WIDTH
      shapes.push(
        `<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" fill="${paint.back}"/>`
      )
    }
    let blanks = text.findIndex(one => one !== ' ')
    if (blanks >= 0) {
      shapes.push(drawText(text.join('').trim(), x + blanks * WIDTH, y, style, paint))
    }
  }
  return shapes
}

const draw = capture => {
  let width = COLUMNS * WIDTH + 2 * MARGIN
  let height = ROWS * HEIGHT + 2 * MARGIN
  let shapes = cellsOf(capture).flatMap((cells, row) => drawRow(cells, MARGIN + row * HEIGHT))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The terminal cart: a list of six products, and beside it the open cart with two lines and a total">
<rect width="${width}" height="${height}" rx="12" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="15" fill="none" stroke-width="1.5">
${shapes.join('\n')}
</g>
</svg>
`
}

const terminal = openTerminal({ columns: COLUMNS, rows: ROWS })
try {
  terminal.type(`exec ${process.argv[2] ?? PROGRAM}`)
  await terminal.see('Little Orbit')
  terminal.press('Enter', 'Down', 'Enter', 'Enter', 'Tab', 'Down')
  await terminal.see('Tab products')
  writeFileSync(PICTURE, draw(terminal.colours()))
  console.log(terminal.text().trimEnd())
} finally {
  terminal.close()
}
