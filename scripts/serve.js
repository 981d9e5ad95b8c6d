// Serves the built storefront: node scripts/serve.js PORT
const [port] = process.argv.slice(2)

const fail = message => {
  console.error(message)
  process.exit(1)
}

if (!/^\d{1,5}$/.test(port) || port > 65535) {
  fail(`PORT must be a number up to 65535, not "${port}".`)
}

Object.assign(process.env, {
  NODE_ENV: 'production',
  PORT: port,
  ASTRO_NODE_AUTOSTART: 'disabled',
  ASTRO_NODE_LOGGING: 'disabled'
})
const { startServer } = await import('../examples/storefront/dist/server/entry.mjs')
const { server, done } = startServer()

server.server.on('listening', () => {
  const address = `http://localhost:${server.server.address().port}`
  console.log(`The storefront is open at ${address} (stop it with Ctrl-C)`)
})
done.catch(error =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken. Stop what listens there, or choose another: make run PORT=${Number(port) + 1}`
      : `Can't listen on port ${port}: ${error.message}`
  )
)
