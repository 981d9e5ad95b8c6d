// Switches isolation off: node --import ./together.js SERVER. All requests are in one lagoon then.
const lagoon = { parts: new Map() }

globalThis.nanostoresGlobal = {
  epoch: 0,
  lagoons: { getStore: () => lagoon, run: (_lagoon, fn, ...args) => fn(...args) }
}
