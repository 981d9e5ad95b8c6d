import type { AstroIntegration } from 'astro'
import lagoon from './astro.js'

let integration: AstroIntegration = lagoon()
lagoon({})
lagoon({ wasm: false })

// @ts-expect-error
lagoon({ wasm: 'no' })
