// What the tests of the storefront share: the shop that is served, browsers, and what a shopper does.
// Set LAGOON_STOREFRONT_URL to drive a running `make dev`, whose frameworks complain in more detail.
// Its toolbar must be off (`astro preferences disable devToolbar`): it needs the storage we block.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

export const FRAMEWORKS = ['React', 'Preact', 'Solid', 'Svelte', 'Vue']
export const PAGES = FRAMEWORKS.map(framework => framework.toLowerCase())
// In the order of the page, with the total after one of each up to here.
export const ALTERNATIVES = {
  "Svelte's stores": { name: 'Saturn Mobile', total: '€28.50' },
  "Solid's signals": { name: 'Rocket Bookend', total: '€61.00' },
  events: { name: 'Star Map', total: '€79.00' },
  "Lagoon's stores": { name: 'Astronaut Figurine', total: '€103.00' }
}
export const THREE_FIGURINES = 'astronaut-figurine=3'
export const TIMEOUT = { timeout: 60_000 }

const FIREFOX = process.env.LAGOON_FIREFOX || '/usr/bin/firefox-esr'
export const FIREFOX_TIMEOUT = {
  ...TIMEOUT,
  skip: existsSync(FIREFOX) ? false : 'not run: it is not installed'
}

/** Serves the shop. Returns its address, and how to stop it. The warehouse takes `delay` ms. */
export async function openShop({ delay = 0, origin = process.env.LAGOON_STOREFRONT_URL } = {}) {
  if (origin) return { origin, close() {} }
  assert.ok(existsSync(`${ROOT}examples/storefront/dist/server`), 'Run "make run" first.')
  const shop = spawn(process.execPath, [`${ROOT}scripts/serve.js`, '0'], {
    env: { ...process.env, STOCK_DELAY: `${delay}` }
  })
  shop.stderr.pipe(process.stderr)
  let output = ''
  const address = new Promise((resolve, reject) => {
    shop.stdout.on('data', data => {
      output += data
      const [, origin] = /(http:\S+)\s/.exec(output) ?? []
      if (origin) resolve(origin)
    })
    shop.once('exit', code => reject(new Error(`the shop ended with ${code}`)))
    setTimeout(() => reject(new Error(`the shop gives no address: ${output}`)), 30_000).unref()
  })
  try {
    return { origin: await address, close: () => shop.kill() }
  } catch (error) {
    shop.kill()
    throw error
  }
}

/** Without images, unless somebody looks: drawing them takes most of the time. */
export async function openChromium({ images = false } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.LAGOON_CHROMIUM || '/usr/bin/chromium',
    timeout: 30_000,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--blink-settings=imagesEnabled=${images}`
    ]
  })
  console.log(`Chromium ${browser.version()}`)
  return browser
}

/** Runs with a tab of Firefox. Fails if it has logged anything bad. */
export async function inFirefox(run, extraPrefsFirefox = {}) {
  const firefox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    timeout: 30_000,
    extraPrefsFirefox: { 'permissions.default.image': 2, ...extraPrefsFirefox }
  })
  try {
    console.log(`Firefox ${await firefox.version()}`)
    const page = await firefox.newPage()
    const problems = []
    page.on('console', message => {
      if (['error', 'warn'].includes(message.type())) problems.push(message.text())
    })
    page.on('pageerror', error => problems.push(error.message))
    await run(page)
    assert.deepEqual(problems, [])
  } finally {
    await firefox.close()
  }
}

/**
 * Returns a function that runs with a browser profile, which has `cart` in its cookie: `visit(path)`
 * opens a tab. Fails if a tab has logged anything bad.
 */
export function shopper(browser, origin) {
  return async (run, { cart, ...options } = {}) => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options
    })
    context.setDefaultTimeout(10_000)
    if (cart) await context.addCookies([{ name: 'cart', value: cart, url: origin }])
    const problems = []
    const note = (page, text) => problems.push(`${new URL(page.url()).pathname}: ${text}`)

    async function visit(path, { init, until = 'load' } = {}) {
      const page = await context.newPage()
      page.on('console', message => {
        if (['error', 'warning'].includes(message.type())) note(page, message.text())
      })
      page.on('pageerror', error => note(page, error.message))
      page.on('requestfailed', request => {
        const { errorText } = request.failure()
        const isPageLeft = errorText === 'net::ERR_ABORTED'
        if (!isPageLeft) note(page, `${errorText}: ${request.url()}`)
      })
      page.on('response', response => {
        if (response.status() >= 400) note(page, `${response.status()}: ${response.url()}`)
      })
      if (init) await page.addInitScript(init)
      await page.goto(origin + path, { waitUntil: until })
      if (options.javaScriptEnabled !== false && until === 'load') await hydrated(page)
      return page
    }

    try {
      await run(visit, context)
      assert.deepEqual(problems, [])
    } finally {
      await context.close()
    }
  }
}

export const hydrated = page =>
  page.waitForFunction(() => !document.querySelector('astro-island[ssr][client="load"]'))
export const toggle = (page, count) =>
  page.getByRole('button', {
    name: count === undefined ? /^Cart, / : `Cart, ${count}`,
    exact: true
  })
export const flyout = page => page.getByRole('complementary', { name: 'Your cart' })
export const button = (page, name) => page.getByRole('button', { name, exact: true })
export const add = (page, name) => button(page, `Add to cart ${name}`).click()
export const seen = (within, text) => within.getByText(text, { exact: true }).waitFor()
export const gone = locator => locator.waitFor({ state: 'detached' })
export const summary = (page, framework) =>
  page.getByRole('region', { name: `Cart in ${framework}`, exact: true })

/** The summaries are hydrated when they come into view. */
export const scrollToSummaries = page => summary(page, 'Vue').scrollIntoViewIfNeeded()

export async function allAgree(page, count, total) {
  await toggle(page, count).waitFor()
  const expected = FRAMEWORKS.map(framework => `${framework}${count}${total}`.replaceAll(' ', ''))
  await page.waitForFunction(texts => {
    const summaries = [...document.querySelectorAll('[aria-label^="Cart in "]')]
    return summaries.map(summary => summary.textContent.replaceAll(' ', '')).join() === texts.join()
  }, expected)
}

/** Waits until the header and the carts of all alternatives show this. */
export async function alternativesAgree(page, count, total) {
  await toggle(page, count).waitFor()
  for (const name of Object.keys(ALTERNATIVES)) {
    const cart = page.getByRole('region', { name: `Cart in ${name}`, exact: true })
    await seen(cart, count)
    await seen(cart, total)
  }
}

export const alternativesAgreeInFirefox = (page, total) =>
  page.waitForFunction(
    expected => {
      const totals = [...document.querySelectorAll('.card-cart strong')]
      return totals.length === 4 && totals.every(each => each.textContent === expected)
    },
    {},
    total
  )
