// Development warnings, each once.
const warned = new Set()

export function warn(text) {
  if (warned.has(text)) return
  warned.add(text)
  globalThis.console?.groupCollapsed?.(`Lagoon: ${text}`)
  globalThis.console?.trace?.('It was called here')
  globalThis.console?.groupEnd?.()
}
