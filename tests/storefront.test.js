// The storefront, driven in Chromium: five frameworks, one cart. Firefox gets the page of alternatives.
// Set LAGOON_STOREFRONT_URL to drive a running `astro dev`, whose frameworks complain in more detail.
// Its toolbar must be off (`astro preferences disable devToolbar`): it needs the storage we block.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'

const DIST = fileURLToPath(new URL('../examples/storefront/dist/', import.meta.url))
const SCREENSHOTS = fileURLToPath(new URL('../build/screenshots/', import.meta.url))
const TYPES = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml'
}
const FRAMEWORKS = ['React', 'Preact', 'Solid', 'Svelte', 'Vue']
const PAGES = FRAMEWORKS.map(framework => framework.toLowerCase())
const ON_HOME = {
  React: { name: 'Astronaut Figurine', price: '€24.00', twice: '€48.00' },
  Preact: { name: 'Moon Lamp', price: '€39.00', twice: '€78.00' },
  Solid: { name: 'Rocket Bookend', price: '€32.50', twice: '€65.00' },
  Svelte: { name: 'Saturn Mobile', price: '€28.50', twice: '€57.00' },
  Vue: { name: 'Star Map', price: '€18.00', twice: '€36.00' }
}
const ALTERNATIVES = {
  "Svelte's stores": { name: 'Saturn Mobile', total: '€28.50' },
  "Solid's signals": { name: 'Rocket Bookend', total: '€61.00' },
  events: { name: 'Star Map', total: '€79.00' },
  "Lagoon's stores": { name: 'Astronaut Figurine', total: '€103.00' }
}
const FIGURINE = {
  id: 'astronaut-figurine',
  name: 'Astronaut Figurine',
  imageSrc: '/images/astronaut-figurine.svg',
  price: 2400,
  quantity: 3
}
// As the store module writes it.
const THREE_FIGURINES = JSON.stringify({ [FIGURINE.id]: FIGURINE })
const BROKEN_CARTS = [
  '{"astronaut-figurine":{"id":"astro',
  '',
  'null',
  '[1,null,"x"]',
  '{"astronaut-figurine":2,"star-map":{"id":"star-map","quantity":1}}',
  JSON.stringify([-1, 0, 1.5, '2'].map(quantity => ({ ...FIGURINE, quantity })))
]
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
const FIREFOX = process.env.LAGOON_FIREFOX || '/usr/bin/firefox-esr'
const TIMEOUT = { timeout: 60_000 }

let server
let browser
let origin = process.env.LAGOON_STOREFRONT_URL

before(async () => {
  if (!origin) {
    assert.ok(
      existsSync(join(DIST, 'index.html')),
      `${DIST} is missing. Run "npm run build" in examples/storefront first.`
    )
    server = createServer(serveDist)
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${server.address().port}`
  }
  browser = await chromium.launch({
    executablePath: process.env.LAGOON_CHROMIUM || '/usr/bin/chromium',
    timeout: 30_000,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
  console.log(`Chromium ${browser.version()}`)
}, TIMEOUT)

after(async () => {
  await browser?.close()
  server?.close()
})

async function serveDist(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost')
  const file = join(DIST, extname(pathname) ? pathname : join(pathname, 'index.html'))
  try {
    const body = await readFile(file)
    response.writeHead(200, { 'content-type': TYPES[extname(file)], 'cache-control': 'max-age=60' })
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
}

/** Runs with a browser profile: `visit(path)` opens a tab. Fails if a tab has logged anything bad. */
async function shopping(run, { saved, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    storageState: saved && {
      cookies: [],
      origins: [{ origin, localStorage: [{ name: 'cart', value: saved }] }]
    },
    ...options
  })
  context.setDefaultTimeout(10_000)
  const problems = []
  const note = (page, text) => problems.push(`${new URL(page.url()).pathname}: ${text}`)

  async function visit(path, init) {
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
    await page.goto(origin + path)
    if (options.javaScriptEnabled !== false) await hydrated(page)
    return page
  }

  try {
    await run(visit)
    assert.deepEqual(problems, [])
  } finally {
    await context.close()
  }
}

const hydrated = page =>
  page.waitForFunction(() => !document.querySelector('astro-island[ssr][client="load"]'))
const toggle = (page, count) =>
  page.getByRole('button', {
    name: count === undefined ? /^Cart, / : `Cart, ${count}`,
    exact: true
  })
const flyout = page => page.getByRole('complementary', { name: 'Your cart' })
const button = (page, name) => page.getByRole('button', { name, exact: true })
const add = (page, name) => button(page, `Add to cart ${name}`).click()
const seen = (within, text) => within.getByText(text, { exact: true }).waitFor()
const gone = locator => locator.waitFor({ state: 'detached' })
const summary = (page, framework) =>
  page.getByRole('region', { name: `Cart in ${framework}`, exact: true })

/** Waits until the header and the carts of all alternatives show this. */
async function alternativesAgree(page, count, total) {
  await toggle(page, count).waitFor()
  for (const name of Object.keys(ALTERNATIVES)) {
    const cart = page.getByRole('region', { name: `Cart in ${name}`, exact: true })
    await seen(cart, count)
    await seen(cart, total)
  }
}

const comeBack = page =>
  page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
const hasFocus = locator => locator.evaluate(element => element === document.activeElement)

async function drawnBy(page, framework) {
  const islands = page.locator('astro-island')
  const renderers = await islands.evaluateAll(all =>
    all.map(each => each.getAttribute('renderer-url'))
  )
  assert.equal(renderers.length, 8)
  assert.equal(new Set(renderers).size, 1)
  assert.equal(await islands.getByText(framework, { exact: true }).count(), 7)
}

let expectedMarkup

/** What a screen reader gets must not depend on the framework: the first page sets the standard. */
async function sameMarkup(page, framework) {
  const islands = [toggle(page), flyout(page), page.getByRole('main')]
  const snapshots = await Promise.all(islands.map(island => island.ariaSnapshot()))
  const markup = snapshots.join('\n').replace(new RegExp(`\\b${framework}\\b`, 'g'), 'Framework')
  expectedMarkup ??= markup
  assert.equal(markup, expectedMarkup)
}

/** The summaries are hydrated when they come into view. */
const scrollToSummaries = page => summary(page, 'Vue').scrollIntoViewIfNeeded()

async function allAgree(page, count, total) {
  await toggle(page, count).waitFor()
  const expected = FRAMEWORKS.map(framework => `${framework}${count}${total}`.replaceAll(' ', ''))
  await page.waitForFunction(texts => {
    const summaries = [...document.querySelectorAll('[aria-label^="Cart in "]')]
    return summaries.map(summary => summary.textContent.replaceAll(' ', '')).join() === texts.join()
  }, expected)
}

const firefoxOptions = {
  ...TIMEOUT,
  skip: existsSync(FIREFOX) ? false : 'not run: it is not installed'
}

describe('storefront', { concurrency: 3, timeout: 240_000 }, () => {
  it('home: whichever framework adds, all five agree', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/')
      await scrollToSummaries(page)
      for (const [framework, { name, price, twice }] of Object.entries(ON_HOME)) {
        const form = page.locator('form').filter({ has: button(page, `Add to cart ${name}`) })
        await seen(form, framework)

        await add(page, name)
        await seen(flyout(page), 'Quantity: 1')
        await allAgree(page, '1 item', price)

        await button(page, 'Close cart').click()
        await add(page, name)
        await seen(flyout(page), 'Quantity: 2')
        await allAgree(page, '2 items', twice)

        await button(page, `Remove ${name}`).click()
        await seen(flyout(page), 'Your cart is empty!')
        await allAgree(page, '0 items', '€0.00')
        await toggle(page).click()
        await gone(flyout(page))
      }
    })
  )

  it('home: late islands are hydrated with the current cart', TIMEOUT, () =>
    shopping(
      async visit => {
        const page = await visit('/')
        await add(page, 'Moon Lamp')
        await toggle(page, '4 items').waitFor()
        for (const framework of FRAMEWORKS) {
          assert.match(await summary(page, framework).textContent(), /0 items/, 'not hydrated yet')
        }
        await scrollToSummaries(page)
        await allAgree(page, '4 items', '€111.00')
        await add(page, 'Moon Lamp')
        await allAgree(page, '5 items', '€150.00')
      },
      { saved: THREE_FIGURINES }
    )
  )

  it('home: shows an empty cart without JavaScript', TIMEOUT, () =>
    shopping(
      async visit => {
        const page = await visit('/')
        await allAgree(page, '0 items', '€0.00')
        assert.equal(await flyout(page).count(), 0)
      },
      { javaScriptEnabled: false, saved: THREE_FIGURINES }
    )
  )

  for (const framework of FRAMEWORKS) {
    const path = `/${framework.toLowerCase()}`

    it(`${path}: a cart is filled, changed, emptied and survives a reload`, TIMEOUT, () =>
      shopping(async visit => {
        const page = await visit(path)
        await drawnBy(page, framework)
        const line = name => flyout(page).getByRole('listitem').filter({ hasText: name })
        assert.equal(await flyout(page).count(), 0)

        await add(page, 'Astronaut Figurine')
        await seen(line('Astronaut Figurine'), 'Quantity: 1')
        await seen(page.getByRole('status'), 'Astronaut Figurine added to your cart. Quantity: 1')
        await add(page, 'Astronaut Figurine')
        await seen(line('Astronaut Figurine'), 'Quantity: 2')
        await seen(page.getByRole('status'), 'Astronaut Figurine added to your cart. Quantity: 2')
        assert.equal(await flyout(page).getByRole('listitem').count(), 1)

        await add(page, 'Moon Lamp')
        await seen(line('Moon Lamp'), 'Quantity: 1')
        await button(page, 'Increase quantity of Moon Lamp').click()
        await seen(line('Moon Lamp'), 'Quantity: 2')
        await seen(line('Moon Lamp'), '€78.00')
        await seen(flyout(page), '€126.00')
        await toggle(page, '4 items').waitFor()
        await sameMarkup(page, framework)

        const decrease = button(page, 'Decrease quantity of Astronaut Figurine')
        await decrease.click()
        await seen(line('Astronaut Figurine'), 'Quantity: 1')
        assert.equal(await decrease.getAttribute('aria-disabled'), 'true')
        await decrease.press('Enter')
        await seen(line('Astronaut Figurine'), 'Quantity: 1')

        await page.reload()
        await hydrated(page)
        await toggle(page, '3 items').click()
        await seen(line('Moon Lamp'), 'Quantity: 2')
        await seen(flyout(page), '€102.00')

        await button(page, 'Remove Moon Lamp').click()
        await gone(line('Moon Lamp'))
        await seen(page.getByRole('status'), 'Moon Lamp removed from your cart')
        await button(page, 'Remove Astronaut Figurine').click()
        await seen(flyout(page), 'Your cart is empty!')
        assert.equal(await page.evaluate(() => localStorage.getItem('cart')), '{}')
      })
    )

    it(`${path}: the keyboard is enough`, TIMEOUT, () =>
      shopping(
        async visit => {
          const page = await visit(path)
          await toggle(page, '3 items').waitFor()
          assert.equal(await toggle(page).getAttribute('aria-expanded'), 'false')

          await toggle(page).press('Enter')
          await flyout(page).waitFor()
          assert.equal(await toggle(page).getAttribute('aria-expanded'), 'true')
          const controlled = await toggle(page).getAttribute('aria-controls')
          assert.equal(await flyout(page).getAttribute('id'), controlled)
          await page.waitForFunction(id => document.activeElement?.id === id, controlled)
          await page.keyboard.press('Tab')
          assert.ok(await hasFocus(button(page, 'Close cart')))

          await page.keyboard.press('Escape')
          await gone(flyout(page))
          assert.ok(await hasFocus(toggle(page)))
          assert.equal(await toggle(page).getAttribute('aria-expanded'), 'false')

          await toggle(page).press('Enter')
          await button(page, 'Close cart').press('Enter')
          await gone(flyout(page))
          assert.ok(await hasFocus(toggle(page)))

          await button(page, 'Add to cart Star Map').press('Enter')
          await flyout(page).waitFor()
          assert.ok(await hasFocus(button(page, 'Add to cart Star Map')), 'adding keeps the focus')
          await button(page, 'Increase quantity of Star Map').press('Enter')
          await seen(flyout(page), 'Quantity: 2')
          assert.ok(await hasFocus(button(page, 'Increase quantity of Star Map')))
          await button(page, 'Remove Star Map').press('Enter')
          await gone(button(page, 'Remove Star Map'))
          assert.ok(await hasFocus(flyout(page)), 'the focus outlives the removed button')

          await toggle(page).click()
          await gone(flyout(page))
        },
        { saved: THREE_FIGURINES }
      )
    )

    it(`${path}: follows another tab`, TIMEOUT, () =>
      shopping(async visit => {
        const page = await visit(path)
        const other = await visit('/')
        await add(other, 'Rocket Bookend')
        await toggle(page, '1 item').click()
        await button(page, 'Increase quantity of Rocket Bookend').click()
        await seen(flyout(other), 'Quantity: 2')
        await button(page, 'Remove Rocket Bookend').click()
        await seen(flyout(other), 'Your cart is empty!')

        await add(other, 'Star Map')
        await toggle(page, '1 item').waitFor()
        await other.evaluate(() => localStorage.clear())
        await toggle(page, '0 items').waitFor()
      })
    )
  }

  it('/alternatives: whichever way adds, all four agree', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/alternatives')
      await alternativesAgree(page, '0 items', '€0.00')
      let count = 0
      for (const { name, total } of Object.values(ALTERNATIVES)) {
        await add(page, name)
        await alternativesAgree(page, ++count === 1 ? '1 item' : `${count} items`, total)
      }
      await add(page, 'Star Map')
      await alternativesAgree(page, '5 items', '€121.00')

      await toggle(page).click()
      await button(page, 'Decrease quantity of Star Map').click()
      await button(page, 'Remove Astronaut Figurine').click()
      await alternativesAgree(page, '3 items', '€79.00')

      const other = await visit('/react')
      await add(other, 'Moon Lamp')
      await alternativesAgree(page, '4 items', '€118.00')
    })
  )

  it('/alternatives: begins with the saved cart, and a script hears of it', TIMEOUT, () =>
    shopping(
      async visit => {
        const page = await visit('/alternatives')
        await alternativesAgree(page, '3 items', '€72.00')
        await page.evaluate(() => {
          window.heard = []
          document.addEventListener('cart', ({ detail }) => window.heard.push(detail))
        })
        await button(page, 'Add to cart Saturn Mobile').press('Enter')
        await alternativesAgree(page, '4 items', '€100.50')
        assert.deepEqual(await page.evaluate(() => window.heard), [
          { count: '4 items', total: '€100.50' }
        ])
      },
      { saved: THREE_FIGURINES }
    )
  )

  it('/alternatives: shows an empty cart without JavaScript', TIMEOUT, () =>
    shopping(async visit => alternativesAgree(await visit('/alternatives'), '0 items', '€0.00'), {
      javaScriptEnabled: false,
      saved: THREE_FIGURINES
    })
  )

  it('/alternatives in Firefox: all four agree', firefoxOptions, async () => {
    const firefox = await puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      timeout: 30_000
    })
    try {
      console.log(`Firefox ${await firefox.version()}`)
      const page = await firefox.newPage()
      const problems = []
      page.on('console', message => {
        if (['error', 'warn'].includes(message.type())) problems.push(message.text())
      })
      page.on('pageerror', error => problems.push(error.message))
      await page.goto(`${origin}/alternatives`)
      await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'))
      const agree = total =>
        page.waitForFunction(
          expected => {
            const totals = [...document.querySelectorAll('.card-cart strong')]
            return totals.length === 4 && totals.every(each => each.textContent === expected)
          },
          {},
          total
        )
      await agree('€0.00')
      for (const { name, total } of Object.values(ALTERNATIVES)) {
        await page.locator(`::-p-aria(Add to cart ${name})`).click()
        await agree(total)
      }
      await page.reload()
      await agree('€103.00')
      assert.deepEqual(problems, [])
    } finally {
      await firefox.close()
    }
  })

  it('home: adds where storage is blocked', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/', () =>
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('blocked', 'SecurityError')
          }
        })
      )
      await add(page, 'Star Map')
      await seen(flyout(page), 'Quantity: 1')
      await comeBack(page)
      await toggle(page, '1 item').waitFor()
    })
  )

  it('a saved cart that cannot be read becomes an empty one', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/svelte')
      for (const json of BROKEN_CARTS) {
        await page.evaluate(json => localStorage.setItem('cart', json), json)
        await page.reload()
        await hydrated(page)
        await toggle(page, '0 items').click()
        await seen(flyout(page), 'Your cart is empty!')
        await add(page, 'Astronaut Figurine')
        await seen(flyout(page), 'Quantity: 1')
        const written = await page.evaluate(() => JSON.parse(localStorage.getItem('cart')))
        assert.deepEqual(written, { [FIGURINE.id]: { ...FIGURINE, quantity: 1 } })
      }
    })
  )

  it('the readable part of a saved cart is kept', TIMEOUT, () =>
    shopping(async visit => toggle(await visit('/svelte'), '3 items').waitFor(), {
      saved: JSON.stringify({ [FIGURINE.id]: FIGURINE, 'star-map': 7 })
    })
  )

  it('a page from the back/forward cache catches up', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/svelte')
      await page.evaluate(json => localStorage.setItem('cart', json), THREE_FIGURINES)
      await comeBack(page)
      await toggle(page, '3 items').waitFor()
    })
  )

  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      const names = ['home', 'alternatives', ...(colorScheme === 'dark' ? [] : PAGES)]
      for (const name of names) {
        it(`${name}: looks right on a ${size}, ${colorScheme}`, TIMEOUT, () =>
          shopping(
            async visit => {
              const page = await visit(name === 'home' ? '/' : `/${name}`)
              const shot = (part, options) =>
                page.screenshot({
                  path: join(SCREENSHOTS, `${name}-${part}-${size}-${colorScheme}.png`),
                  ...options
                })
              const sideways = await page.evaluate(
                () => document.documentElement.scrollWidth - innerWidth
              )
              assert.ok(sideways <= 0, `${name} scrolls sideways by ${sideways}px`)

              if (name === 'alternatives') {
                await alternativesAgree(page, '3 items', '€72.00')
                await shot('page', { fullPage: true })
              }
              await toggle(page).click()
              await flyout(page).waitFor()
              const moving = await page.evaluate(() => document.getAnimations().length)
              assert.equal(moving, 0, 'nothing moves for those who asked for less motion')
              await shot('cart')
              if (name !== 'home') return

              await button(page, 'Remove Astronaut Figurine').click()
              await seen(flyout(page), 'Your cart is empty!')
              await shot('empty')
              await toggle(page).click()
              await gone(flyout(page))
              await shot('page', { fullPage: true })
              await add(page, 'Astronaut Figurine')
              await add(page, 'Moon Lamp')
              await seen(flyout(page), '€63.00')
              await shot('added')
              await scrollToSummaries(page)
              await allAgree(page, '2 items', '€63.00')
              await shot('agreement')
            },
            { viewport, colorScheme, saved: THREE_FIGURINES }
          )
        )
      }
    }
  }
})
