// The shapes of run.js in Chromium and in Firefox, and how long a page takes to import Lagoon:
//   node bench/browsers.js [--shape PART] [--peers PART,PART]
// Each shape has a page of its own. Without options, writes bench/results/browsers.json and browsers.svg.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { heatMap } from './chart.js'
import { atMost, textOf } from './figures.js'
import { importTimes } from './import.js'
import { bundle, peersWith } from './peers.js'
import { aboutRun, progress, save, tableOf } from './report.js'
import { SHAPES } from './shapes.js'

const EFFORT = { rounds: 21, roundMs: 2, warmMs: 40, limitMs: 250, aloneRounds: 3, aloneMs: 1000 }
const CHROMIUM = process.env.LAGOON_CHROMIUM || '/usr/bin/chromium'
const FIREFOX = process.env.LAGOON_FIREFOX || '/usr/bin/firefox-esr'
const LIMIT = 600_000
// Firefox takes minutes for it
const NODE_ONLY = '1,000,000 stores alive'

// Pages with an exact clock, and the files that are given.
const serve = files =>
  new Promise(resolve => {
    let server = createServer(({ url }, response) => {
      let file = files[url]
      response.setHeader('Content-Type', url === '/' ? 'text/html' : 'text/javascript')
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
      if (!file && url !== '/') response.statusCode = 404
      response.end(file ? readFileSync(file) : '<!doctype html><title>Benchmark</title>')
    })
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

// Runs in a page.
const measureThere = async ({ effort, names, shape }) => {
  let { measure } = await import('/measure.js')
  let load = async name => ({ name, ...(await import(`/${encodeURIComponent(name)}.js`)) })
  return measure(shape, await Promise.all(names.map(load)), effort)
}

const inChromium = async run => {
  let browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--js-flags=--expose-gc']
  })
  try {
    let name = `Chromium ${browser.version()}`
    let inPage = async (origin, fn, argument) => {
      let context = await browser.newContext()
      let page = await context.newPage()
      await page.goto(origin)
      let result = await page.evaluate(fn, argument)
      await context.close()
      return result
    }
    return await run(name, inPage, browser)
  } finally {
    await browser.close()
  }
}

const inFirefox = async run => {
  let browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    protocolTimeout: LIMIT,
    extraPrefsFirefox: { 'privacy.reduceTimerPrecision': false, 'dom.max_script_run_time': 0 }
  })
  try {
    let name = (await browser.version()).replace(/^firefox\//i, 'Firefox ')
    let inPage = async (origin, fn, argument) => {
      let page = await browser.newPage()
      await page.goto(origin)
      let result = await page.evaluate(fn, argument)
      await page.close()
      return result
    }
    return await run(name, inPage)
  } finally {
    await browser.close()
  }
}

let { values } = parseArgs({ options: { shape: { type: 'string' }, peers: { type: 'string' } } })
let names = peersWith(values.peers?.split(','))
let shapes = Object.keys(SHAPES).filter(
  shape => shape.includes(values.shape ?? '') && shape !== NODE_ONLY
)
let bundles = await bundle(names, 'browser')
let files = Object.fromEntries(
  names.map(name => [`/${encodeURIComponent(name)}.js`, bundles[name].file])
)
files['/measure.js'] = fileURLToPath(new URL('measure.js', import.meta.url))
let server = await serve(files)
let origin = `http://127.0.0.1:${server.address().port}/`

const measureIn = async (browserName, inPage) => {
  let rows = []
  for (let [i, shape] of shapes.entries()) {
    progress(`${browserName}, ${i + 1} of ${shapes.length}: ${shape}`)
    let { group = 'updates', unit = 'update' } = SHAPES[shape]
    let results = await inPage(origin, measureThere, { effort: EFFORT, names, shape })
    rows.push({ shape, group, unit, results })
  }
  progress()
  console.log(`${browserName}\n${tableOf(rows)}\n`)
  return { name: browserName, rows }
}

let about = aboutRun(names)
let browsers = []
let imports
let figures = []
try {
  if (existsSync(CHROMIUM)) {
    await inChromium(async (name, inPage, browser) => {
      imports = await importTimes(browser, origin, text => progress(`${name}, import`, text))
      progress()
      console.log('ms from import to the first store or computed with a listener, in Chromium:')
      for (let [library, { median, quartiles }] of Object.entries(imports)) {
        let [low, high] = quartiles.map(ms => ms.toFixed(2))
        console.log(`  ${library.padEnd(24)} ${median.toFixed(2)} (${low} to ${high})`)
      }
      figures = [
        atMost('ms from import to the first store in Chromium', 1, imports.lagoon.median),
        atMost(
          'ms to the first computed, the engine included',
          1,
          imports['lagoon, computed'].median
        )
      ]
      console.log(`${textOf(figures)}\n`)
      browsers.push(await measureIn(name, inPage))
    })
  } else console.log('Chromium is not installed: not measured')
  if (existsSync(FIREFOX)) await inFirefox(async (...all) => browsers.push(await measureIn(...all)))
  else console.log('Firefox is not installed: not measured')
} finally {
  server.close()
}

if (!values.shape && !values.peers && browsers.length) {
  let parts = browsers.map(({ name, rows }) => ({
    title: `Time of an update in ${name}: how many times as long as Lagoon`,
    subtitle: `Medians in one run, ${about.date}. Green: Lagoon is faster.`,
    rows
  }))
  await save('browsers.json', { ...about, figures, imports, browsers })
  await save('browsers.svg', heatMap(parts))
}
