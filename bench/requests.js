// What lagoons cost a server: requests per second of the storefront's home page, and processor time for
// each, with and without a lagoon for each request, in pairs of runs. node bench/requests.js [SECONDS OF A
// RUN]. Needs Linux and wrk. Writes bench/results/requests.json.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shop = `${root}examples/storefront/`
const SECONDS = Number(process.argv[2] ?? 1)
const PAIRS = 20
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

const running = []

const start = folder =>
  new Promise((resolve, reject) => {
    let server = spawn(process.execPath, ['server/entry.mjs'], { cwd: folder, env })
    running.push(server)
    let output = ''
    let read = chunk => {
      output += chunk
      let [address] = /http:\/\/[\w.]+:\d+(?=\D)/.exec(output) ?? []
      if (address) resolve({ address, pid: server.pid })
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', () => reject(new Error(output)))
    setTimeout(() => reject(new Error(`no address in ${output}`)), 30_000).unref()
  })

// How many milliseconds of processor time a process has used, by /proc.
const TICK = 10
const cpuOf = pid => {
  let [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * TICK
}

// Requests per second, and milliseconds of the server's processor time for each.
const load = ({ address, pid }, seconds) => {
  let before = cpuOf(pid)
  let output = execFileSync(
    'wrk',
    ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-H', 'Cookie: cart=star-map=2', address],
    { encoding: 'utf8', timeout: seconds * 1000 + 20_000 }
  )
  let bad = /Non-2xx.*/.exec(output)
  if (bad) throw new Error(`${address}: ${bad[0]}`)
  let requests = Number(/(\d+) requests in/.exec(output)[1])
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]),
    cpu: (cpuOf(pid) - before) / requests
  }
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1]

const folders = [await build('without'), await build('with')]
try {
  let servers = await Promise.all(folders.map(start))
  for (let server of servers) load(server, SECONDS)
  let runs = [[], []]
  for (let pair = 0; pair < PAIRS; pair++) {
    // By turns the first
    for (let i of pair % 2 ? [1, 0] : [0, 1]) runs[i].push(load(servers[i], SECONDS))
    let [without, with_] = runs.map(list => list.at(-1))
    console.log(
      `pair ${pair + 1} of ${PAIRS}: ${without.rate.toFixed(0)} and ${with_.rate.toFixed(0)} requests per ` +
        `second, ${without.cpu.toFixed(2)} and ${with_.cpu.toFixed(2)} ms of processor time for each`
    )
  }
  let of = key => runs.map(list => median(list.map(run => run[key])))
  let ratioOf = key => median(runs[1].map((run, i) => run[key] / runs[0][i][key]))
  let costs = { rate: 1 - ratioOf('rate'), cpu: ratioOf('cpu') - 1 }
  let percent = cost => `${(100 * cost).toFixed(1)} %`
  console.log(
    `the storefront's home page, without and with a lagoon for each request, medians of ${PAIRS} pairs:\n` +
      `  ${of('rate')
        .map(rate => rate.toFixed(0))
        .join(' and ')} requests per second: ${percent(costs.rate)} fewer\n` +
      `  ${of('cpu')
        .map(cpu => cpu.toFixed(2))
        .join(' and ')} ms of processor time for each: ${percent(costs.cpu)} more`
  )
  let result = {
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0].model,
    node: process.version,
    astro: version,
    connections: CONNECTIONS,
    seconds: SECONDS,
    costs,
    runs: { without: runs[0], with: runs[1] }
  }
  writeFileSync(`${root}bench/results/requests.json`, `${JSON.stringify(result, null, 2)}\n`)
} finally {
  for (let server of running) server.kill()
}
