// A bar chart as SVG: how many times faster than the peer, on a logarithmic scale.
const WIDTH = 760
const LABEL = 270
const ROW = 30
const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

export const chart = ({ date, node, rows }, [ours, peer]) => {
  let most = Math.max(2, ...rows.map(({ ratio }) => ratio))
  let least = Math.min(0.5, ...rows.map(({ ratio }) => ratio))
  let x = ratio =>
    LABEL +
    ((Math.log(ratio) - Math.log(least)) / (Math.log(most) - Math.log(least))) *
      (WIDTH - LABEL - 80)
  let height = 70 + rows.length * ROW + 20
  let bars = rows.map(({ shape, ratio }, i) => {
    let y = 60 + i * ROW
    let [from, to] = [x(1), x(ratio)].sort((a, b) => a - b)
    return `  <text x="${LABEL - 12}" y="${y + 15}" text-anchor="end">${escape(shape)}</text>
  <rect x="${from.toFixed(1)}" y="${y}" width="${(to - from).toFixed(1)}" height="20" rx="3" fill="${ratio >= 1 ? '#0f766e' : '#c2410c'}"/>
  <text x="${(Math.max(x(1), x(ratio)) + 8).toFixed(1)}" y="${y + 15}">${ratio.toFixed(2)}×</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">
  <rect width="${WIDTH}" height="${height}" rx="8" fill="#fbf8f3"/>
  <text x="20" y="28" font-size="16" font-weight="600">Speed of an update: ${ours} against ${escape(peer)}</text>
  <text x="20" y="46" fill="#6b7280">Ratio of medians in one run, Node ${node}, ${date}. Right of the line is faster.</text>
${bars.join('\n')}
  <line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="54" y2="${height - 14}" stroke="#1f2937"/>
</svg>
`
}
