// 10,000 requests at once to a real server of Astro and its adapter for Node: each writes a secret of its own
// to stores of all kinds, and reads all of them after each await. No page may contain another's secret.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = `${root}build/isolation/`
const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', HOST: '127.0.0.1', PORT: '0' }
const COUNT = Number(process.env.LAGOON_REQUESTS ?? 10_000)

const servers = []
after(() => servers.forEach(server => server.kill()))

before(async () => {
  rmSync(site, { recursive: true, force: true })
  cpSync(`${root}tests/isolation`, site, { recursive: true })
  const astro = `${root}node_modules/astro/bin/astro.mjs`
  await promisify(execFile)(process.execPath, [astro, 'build'], { cwd: site, env, timeout: 60_000 })
})

// Resolves with its address.
const start = (...flags) =>
  new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [...flags, 'dist/server/entry.mjs'], { cwd: site, env })
    servers.push(server)
    let output = ''
    const read = chunk => {
      output += chunk
      const [address] = /http:\/\/[\w.:]+/.exec(output) ?? []
      if (address) resolve(address)
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', () => reject(new Error(output)))
  })

// Every fourth is answered by an endpoint that streams.
const pathOf = number => (number % 4 ? '' : 'events')

const visit = (address, secret, agent, tries = 5) =>
  new Promise((resolve, reject) => {
    const request = get(`${address}?secret=${secret}`, { agent, timeout: 60_000 }, response => {
      let page = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        page += chunk
      })
      response.on('end', () => resolve(page))
      response.on('error', reject)
    })
    request.on('error', error => {
      // The server has closed a connection that it took for idle, or had too many that waited
      if (tries && error.code === 'ECONNRESET') {
        resolve(visit(address, secret, agent, tries - 1))
      } else {
        reject(error)
      }
    })
  })

// How many pages were read in full, and how many secrets of others were in them.
const visitAll = async (address, count) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 400 })
  const visits = Array.from({ length: count }, async (_, i) => {
    const secret = `secret-${i}-`
    const page = await visit(`${address}/${pathOf(i)}`, secret, agent)
    const secrets = page.match(/secret-\d+-/g) ?? []
    return {
      own: secrets.includes(secret) && page.includes('</html>'),
      others: secrets.filter(other => other !== secret)
    }
  })
  const pages = await Promise.all(visits)
  agent.destroy()
  return {
    pages: pages.filter(({ own }) => own).length,
    leaks: pages.filter(({ others }) => others.length).length
  }
}

test(`${COUNT} requests at once keep their secrets`, { timeout: 240_000 }, async () => {
  assert.deepEqual(await visitAll(await start(), COUNT), { pages: COUNT, leaks: 0 })
})

test('without isolation they do not, so the test looks', { timeout: 60_000 }, async () => {
  const { leaks } = await visitAll(await start('--import', './together.js'), 200)
  assert.ok(leaks > 150, `only ${leaks} pages have another's secret`)
})
