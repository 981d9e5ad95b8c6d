// This library, with computeds that list their sources: all that is written for Nano Stores, which
// ../peers.js replaces by Lagoon.
export * from './nanostores.js'
