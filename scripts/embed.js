// Writes the engine as a JavaScript module: its bytes as hexadecimal digits, which any bundler,
// server and character set leaves alone, and which brotli makes as small as the bytes themselves.
import { readFileSync } from 'node:fs'

const bytes = readFileSync(process.argv[2])

process.stdout.write(
  `// Built by make from src/graph.c and src/wasm.c: ${bytes.length} bytes of WebAssembly.\n` +
    `export default '${bytes.toString('hex')}'\n`
)
