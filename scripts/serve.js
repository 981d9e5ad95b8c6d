// Serves the built storefront: node scripts/serve.js PORT
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { preview } from 'astro'

const port = Number(process.argv[2])

const fail = message => {
  console.error(message)
  process.exit(1)
}

if (!Number.isInteger(port) || port < 1 || port > 65535) {
  fail(`PORT must be a number from 1 to 65535, not "${process.argv[2]}".`)
}

// Astro would silently take the next free port.
await new Promise(resolve => {
  const probe = createServer()
  probe.once('error', error =>
    fail(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is taken. Stop what listens there, or choose another: make run PORT=${port + 1}`
        : `Can't listen on port ${port}: ${error.message}`
    )
  )
  probe.listen(port, () => probe.close(resolve))
})

await preview({
  root: fileURLToPath(new URL('../examples/storefront/', import.meta.url)),
  logLevel: 'error',
  server: { port }
})
console.log(`The storefront is open at http://localhost:${port} (stop it with Ctrl-C)`)
