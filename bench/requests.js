// What lagoons cost a server: requests per second of the storefront's home page, with and without a lagoon
// for each request, in pairs of runs. node bench/requests.js [SECONDS OF A RUN]. Needs wrk. Writes
// bench/results/requests.json.
import { execFileSync, spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shop = `${root}examples/storefront/`
const SECONDS = Number(process.argv[2] ?? 4)
const PAIRS = 9
const CONNECTIONS = 32

const env = {
  ...process.env,
  ASTRO_TELEMETRY_DISABLED: '1',
  HOST: '127.0.0.1',
  PORT: '0',
  NODE_ENV: 'production',
  // The shop asks a slow warehouse. Here it answers at once
  STOCK_DELAY: '0'
}
const { version } = createRequire(`${shop}package.json`)('astro/package.json')

const build = async name => {
  let folder = `${root}build/bench/${name}/`
  rmSync(folder, { recursive: true, force: true })
  console.log(`building the storefront ${name} lagoons ...`)
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/astro/bin/astro.mjs`,
      'build',
      '--config',
      '../../bench/storefront.config.js'
    ],
    { cwd: shop, env: { ...env, LAGOONS: name, OUT: folder }, timeout: 120_000, stdio: 'pipe' }
  )
  return folder
}

const start = folder =>
  new Promise((resolve, reject) => {
    let server = spawn(process.execPath, ['server/entry.mjs'], { cwd: folder, env })
    let output = ''
    let read = chunk => {
      output += chunk
      let [address] = /http:\/\/[\w.:]+/.exec(output) ?? []
      if (address) resolve({ address, stop: () => server.kill() })
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', () => reject(new Error(output)))
  })

const load = (address, seconds) => {
  let output = execFileSync(
    'wrk',
    ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-H', 'Cookie: cart=star-map:2', address],
    { encoding: 'utf8' }
  )
  let bad = /Non-2xx.*/.exec(output)
  if (bad) throw new Error(`${address}: ${bad[0]}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1])
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1]

const folders = [await build('without'), await build('with')]
const servers = await Promise.all(folders.map(start))
try {
  for (let { address } of servers) load(address, SECONDS)
  let rates = [[], []]
  for (let pair = 0; pair < PAIRS; pair++) {
    // By turns the first
    for (let i of pair % 2 ? [1, 0] : [0, 1]) rates[i].push(load(servers[i].address, SECONDS))
    console.log(
      `pair ${pair + 1} of ${PAIRS}: ${rates.map(list => list.at(-1).toFixed(0)).join(' and ')}`
    )
  }
  let ratios = rates[1].map((rate, i) => rate / rates[0][i])
  let [without, with_] = rates.map(median)
  let cost = 1 - median(ratios)
  console.log(
    `the storefront's home page, requests per second: ${without.toFixed(0)} without, ${with_.toFixed(0)} ` +
      `with a lagoon for each; it costs ${(100 * cost).toFixed(1)} % (median of ${PAIRS} pairs)`
  )
  let result = {
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0].model,
    node: process.version,
    astro: version,
    connections: CONNECTIONS,
    seconds: SECONDS,
    without,
    with: with_,
    ratios
  }
  writeFileSync(`${root}bench/results/requests.json`, `${JSON.stringify(result, null, 2)}\n`)
} finally {
  for (let { stop } of servers) stop()
}
