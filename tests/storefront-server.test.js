// The storefront's server: what is in its pages before any script runs, and what the browser makes of it.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import {
  add,
  allAgree,
  ALTERNATIVES,
  alternativesAgree,
  alternativesAgreeInFirefox,
  button,
  FIREFOX_TIMEOUT,
  flyout,
  FRAMEWORKS,
  hydrated,
  inFirefox,
  openChromium,
  openShop,
  PAGES,
  scrollToSummaries,
  seen,
  shopper,
  THREE_FIGURINES,
  TIMEOUT,
  toggle
} from './storefront.js'

const PATHS = ['/', ...PAGES.map(page => `/${page}`), '/alternatives']
const LAMPS_AND_MAP = 'moon-lamp=2&star-map=1'
const FIGURINE = 'Astronaut Figurine'
const COOKIES = {
  '': '0 items',
  'cart=': '0 items',
  'cart=star-map=1': '1 item',
  'theme=dark; cart=star-map=99; lang=en': '99 items',
  'cart=star-map=1; cart=moon-lamp=2': '1 item',
  'carts=star-map=1; my-cart=star-map=1': '0 items',
  'cart=star-map=1&star-map=2': '2 items',
  'cart=star-map=100&moon-lamp=1': '1 item',
  'cart=star-map=-1&moon-lamp=0&rocket-bookend=1.5&saturn-mobile=x': '0 items',
  'cart=__proto__=1&constructor=2&toString=3': '0 items',
  'cart=%E0%A4%A=1&%=%&star-map=%31': '1 item',
  'cart="<script>alert(1)</script>"': '0 items',
  'cart=[{"id":"star-map"}]': '0 items',
  [`cart=${'star-map=1&'.repeat(1000)}`]: '1 item'
}

let shop
let browser
let shopping

before(async () => {
  shop = await openShop({ delay: 200 })
  browser = await openChromium()
  shopping = shopper(browser, shop.origin)
}, TIMEOUT)

after(async () => {
  await browser?.close()
  shop?.close()
})

/** A way to the shop on which the end of each page is held back until `open` is called. */
async function openGate() {
  let open
  const opened = new Promise(resolve => {
    open = resolve
  })
  const answerLate = async ({ url, headers }, response) => {
    const answer = await fetch(shop.origin + url, { headers: { cookie: headers.cookie ?? '' } })
    const body = Buffer.from(await answer.arrayBuffer())
    const end = body.indexOf('<section class="warehouse"')
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') })
    if (end < 0) return response.end(body)
    response.write(body.subarray(0, end))
    await opened
    response.end(body.subarray(end))
  }
  const server = createServer((request, response) => {
    answerLate(request, response).catch(error => response.destroy(error))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    open()
    server.closeAllConnections()
    server.close()
  }
  return { origin: `http://127.0.0.1:${server.address().port}`, open, close }
}

const get = (path, cookie = '') => fetch(shop.origin + path, { headers: { cookie } })

const post = (body, headers) =>
  fetch(`${shop.origin}/cart`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: shop.origin, cookie: `cart=${LAMPS_AND_MAP}`, ...headers },
    body
  })

const cartIn = html => /aria-label="Cart, ([^"]*)"/.exec(html)[1]
const countsIn = html => [...html.matchAll(/\d+ items?(?=<)/g)].map(([count]) => count)

/** For a page that is about to load: notes each text that something which shows a store has had. */
function noteTexts() {
  const shown =
    '.count, .summary p, .summary strong, .card-cart p, .card-cart strong, .line h3, .line-price, ' +
    '.stepper p, .total strong, .stock, .few'
  // The parser has gone on to what comes next
  const isComplete = element =>
    element && (element.nextSibling !== null || isComplete(element.parentElement))
  const note = () => {
    for (const element of [...document.querySelectorAll(shown)].filter(isComplete)) {
      const parent = element.parentElement.className.split(' ')[0]
      const all = (window.texts[`${parent} ${element.className || element.localName}`] ??= [])
      const text = element.textContent.trim()
      if (!all.includes(text)) all.push(text)
    }
  }
  window.texts = {}
  const everything = { childList: true, subtree: true, characterData: true }
  new MutationObserver(note).observe(document, everything)
}

const RIGHT_TEXTS = {
  'toggle-button count': /^3$/,
  'summary p': /^3 items$/,
  'summary strong': /^€96\.00$/,
  'card-cart p': /^3 items$/,
  'card-cart strong': /^€96\.00$/,
  'line h3': /^(Moon Lamp|Star Map)$/,
  'line line-price': /^€(78|18)\.00$/,
  'stepper p': /^Quantity: [12]$/,
  'total strong': /^€96\.00$/,
  'card-text stock': /^In stock:( (7|2|12|3|24|1))?$/,
  'add-form few': /^(Only [123] left)?$/
}

/** What has been shown must be right from the first to the last. */
function onlyRightTexts(texts) {
  for (const [name, all] of Object.entries(texts)) {
    for (const text of all) assert.match(text, RIGHT_TEXTS[name], name)
  }
  for (const name of ['toggle-button count', 'line h3', 'total strong', 'card-text stock']) {
    assert.ok(name in texts, name)
  }
}

/** The buttons of the flyout in a page's HTML: the form they send, and what they add to it. */
const buttonsIn = html =>
  [...html.matchAll(/<button [^>]*form="[^>]*>/g)].map(([tag]) =>
    ['form', 'name', 'value'].map(name => new RegExp(` ${name}="([^"]*)"`).exec(tag)[1]).join(' ')
  )

describe("the storefront's server", { concurrency: 3, timeout: 240_000 }, () => {
  for (const path of PATHS) {
    it(`${path}: the cart of the cookie is in the HTML`, TIMEOUT, async () => {
      const response = await get(`${path}?cart=open`, `cart=${LAMPS_AND_MAP}`)
      const html = await response.text()
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('cache-control'), 'private, no-cache')
      assert.equal(cartIn(html), '3 items')
      assert.match(html, /aria-expanded="true"/)
      const lines = [...html.matchAll(/class="line-price"[^>]*>(?:<!--.*?-->)?(€[\d.]+)/g)]
      assert.deepEqual(
        lines.map(([, price]) => price),
        ['€78.00', '€18.00']
      )
      assert.ok(countsIn(html).every(count => count === '3 items'))
      assert.equal(countsIn(html).length, { '/': 5, '/alternatives': 4 }[path] ?? 0)
      assert.match(html, /path="astronaut-figurine"[^>]*>7</)
      const forms = html.match(/<form [^>]*class="add-form".*?<button[^>]* name="add"/g)
      assert.equal(forms.length, path === '/alternatives' ? 4 : 6)
      for (const form of forms) assert.match(form, /(?=.* method="post").* action="\/cart"/)
      assert.deepEqual(buttonsIn(html), [
        'cart-toggle cart closed',
        'cart-changes moon-lamp 1',
        'cart-changes moon-lamp 3',
        'cart-changes remove moon-lamp',
        'cart-changes star-map 0',
        'cart-changes star-map 2',
        'cart-changes remove star-map'
      ])
    })
  }

  it('whatever is in the cookie, the page is answered', TIMEOUT, async () => {
    for (const [cookie, count] of Object.entries(COOKIES)) {
      const response = await get('/svelte', cookie)
      assert.equal(response.status, 200, cookie)
      assert.equal(cartIn(await response.text()), count, cookie)
    }
  })

  it('each visitor gets their own cart, many at once', TIMEOUT, async () => {
    const visitors = Array.from({ length: 60 }, (_, i) => ({
      path: PATHS[i % PATHS.length],
      quantity: i + 2
    }))
    await Promise.all(
      visitors.map(async ({ path, quantity }) => {
        const response = await fetch(shop.origin + path, {
          headers: { cookie: `cart=star-map=${quantity}` }
        })
        const html = await response.text()
        assert.equal(cartIn(html), `${quantity} items`)
        assert.ok(countsIn(html).every(count => count === `${quantity} items`))
        assert.match(html, new RegExp(`"star-map","Star Map",.*,1800,${quantity}\\]`))
      })
    )
  })

  it('two visitors at once', TIMEOUT, () =>
    Promise.all(
      ['star-map=1', 'star-map=5'].map(cart =>
        shopping(
          async visit => {
            const page = await visit('/svelte')
            const count = Number(cart.slice(-1))
            await add(page, 'Moon Lamp')
            await toggle(page, `${count + 1} items`).waitFor()
            await page.reload()
            await hydrated(page)
            await toggle(page, `${count + 1} items`).waitFor()
          },
          { cart }
        )
      )
    )
  )

  for (const path of ['/', '/alternatives', '/svelte']) {
    it(`${path}: the cart without scripting`, TIMEOUT, () =>
      shopping(
        async visit => {
          const page = await visit(path)
          if (path === '/') await allAgree(page, '3 items', '€96.00')
          else if (path === '/alternatives') await alternativesAgree(page, '3 items', '€96.00')
          else await toggle(page, '3 items').waitFor()

          await add(page, FIGURINE)
          await toggle(page, '4 items').waitFor()
          assert.equal(new URL(page.url()).pathname, path)
          await seen(flyout(page), '€120.00')
          if (path !== '/svelte') return

          await button(page, 'Increase quantity of Star Map').click()
          await seen(flyout(page), '€138.00')
          await button(page, 'Remove Moon Lamp').click()
          await toggle(page, '3 items').waitFor()
          await button(page, 'Decrease quantity of Astronaut Figurine').press('Enter')
          await page.waitForLoadState()
          await toggle(page, '3 items').waitFor()
          await button(page, 'Close cart').click()
          await page.waitForURL(`**${path}?cart=closed`)
          assert.equal(await flyout(page).count(), 0)
          await toggle(page, '3 items').click()
          await seen(flyout(page), '€60.00')
        },
        { javaScriptEnabled: false, cart: LAMPS_AND_MAP }
      )
    )
  }

  it('in Firefox, islands are hydrated without a flash, and all agree', FIREFOX_TIMEOUT, () =>
    inFirefox(async page => {
      const keep = cart => page.evaluate(cart => (document.cookie = `cart=${cart}`), cart)
      await page.goto(`${shop.origin}/favicon.svg`)
      await keep(LAMPS_AND_MAP)
      await page.evaluateOnNewDocument(noteTexts)
      for (const path of ['/', '/alternatives']) {
        await page.goto(`${shop.origin}${path}?cart=open`)
        await page.evaluate(() => document.querySelector('footer').scrollIntoView())
        await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'))
        await page.waitForFunction(() => window.texts['card-text stock'].includes('In stock: 7'))
        onlyRightTexts(await page.evaluate(() => window.texts))
      }
      await keep('')
      await page.goto(`${shop.origin}/alternatives`)
      await alternativesAgreeInFirefox(page, '€0.00')
      for (const { name, total } of Object.values(ALTERNATIVES)) {
        await page.locator(`::-p-aria(Add to cart ${name})`).click()
        await alternativesAgreeInFirefox(page, total)
      }
      await page.reload()
      await alternativesAgreeInFirefox(page, '€103.00')
    })
  )

  it('in Firefox, the cart without scripting', FIREFOX_TIMEOUT, () =>
    inFirefox(
      async page => {
        const press = async name => {
          await page.$eval(`[name="${name}"]`, element => element.focus())
          await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
        }
        const count = () => page.$eval('.count', element => element.textContent)
        await page.goto(`${shop.origin}/svelte`)
        await press('add')
        assert.equal(page.url(), `${shop.origin}/svelte?cart=open`)
        await press('add')
        assert.equal(await count(), '2')
        assert.equal(await page.$eval('.line h3', element => element.textContent), FIGURINE)
        assert.equal(
          await page.$eval('.warehouse lagoon-live', element => element.textContent),
          '7'
        )
        await press('remove')
        assert.equal(await count(), '0')
        assert.ok(await page.$('astro-island[ssr]'), 'nothing is hydrated')
      },
      { 'javascript.enabled': false }
    )
  )

  it('the page is on its way while the warehouse counts', TIMEOUT, async () => {
    const response = await fetch(`${shop.origin}/react`)
    let html = ''
    let early
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      html += chunk
      if (html.includes('Add to cart <span class="visually-hidden">Moon Rover Kit')) early ??= html
    }
    assert.ok(!early.includes('warehouse'), 'the products come first')
    assert.ok(!early.includes('"moon-rover-kit":'), 'and nobody knows how many there are')
    assert.match(html, /Moon Rover Kit <lagoon-live[^>]*>1</)
  })

  for (const path of PATHS) {
    it(
      `${path}: hydrated without a flash, and of use before its end has come`,
      TIMEOUT,
      async () => {
        const gate = await openGate()
        const shopEarly = async visit => {
          const page = await visit(`${path}?cart=open`, { until: 'commit', init: noteTexts })
          await page.waitForFunction(() => {
            const islands = [...document.querySelectorAll('astro-island[client="load"]')]
            return islands.length > 4 && islands.every(island => !island.hasAttribute('ssr'))
          })
          if (path === '/') await scrollToSummaries(page)
          assert.equal(await page.evaluate(() => document.readyState), 'loading')
          onlyRightTexts(await page.evaluate(() => window.texts))
          await add(page, FIGURINE)
          await toggle(page, '4 items').waitFor()
          assert.equal(
            await page
              .getByText(/^In stock/)
              .first()
              .isVisible(),
            false
          )

          gate.open()
          const card = page.locator('.card').filter({ hasText: FIGURINE })
          await seen(card, 'In stock: 7')
          if (path !== '/alternatives') await seen(page.getByRole('main'), 'Only 2 left')
          await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'))
          if (path === '/') await allAgree(page, '4 items', '€120.00')
          const { 'toggle-button count': counts } = await page.evaluate(() => window.texts)
          assert.deepEqual(counts, ['3', '4'])
        }
        try {
          await shopper(browser, gate.origin)(shopEarly, { cart: LAMPS_AND_MAP })
        } finally {
          gate.close()
        }
      }
    )
  }

  it('stock without scripting', TIMEOUT, () =>
    shopping(
      async visit => {
        const page = await visit('/')
        const warehouse = page.getByRole('region', { name: 'In the warehouse' })
        await seen(warehouse, 'Astronaut Figurine 7')
        await seen(warehouse, 'Moon Rover Kit 1')
      },
      { javaScriptEnabled: false }
    )
  )

  for (const path of ['/', '/alternatives']) {
    it(`${path}: an older page brings no older cart back`, TIMEOUT, () =>
      shopping(
        async (visit, context) => {
          // What another tab does between the request and the answer
          await context.route('**' + path, async route => {
            const response = await route.fetch()
            await context.addCookies([{ name: 'cart', value: LAMPS_AND_MAP, url: shop.origin }])
            await route.fulfill({ response })
          })
          const page = await visit(path)
          if (path === '/') {
            await scrollToSummaries(page)
            await allAgree(page, '3 items', '€96.00')
          }
          if (path === '/alternatives') await alternativesAgree(page, '3 items', '€96.00')
          await toggle(page, '3 items').click()
          await seen(flyout(page), '€96.00')
          await button(page, 'Remove Moon Lamp').click()
          await toggle(page, '1 item').waitFor()
        },
        { cart: 'saturn-mobile=8' }
      )
    )
  }

  it('the back button brings no older cart back', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/react')
      await page.getByRole('link', { name: 'Vue' }).click()
      await page.waitForURL('**/vue')
      await hydrated(page)
      await add(page, 'Moon Lamp')
      await toggle(page, '1 item').waitFor()
      await page.goBack()
      await toggle(page, '1 item').waitFor()
      await hydrated(page)
      await toggle(page, '1 item').waitFor()
      await page.goForward()
      await toggle(page, '1 item').waitFor()
    })
  )

  it('a form adds to the cookie, and the answer leads back', TIMEOUT, async () => {
    const lead = async (body, headers) => {
      const response = await post(new URLSearchParams(body), headers)
      const [cookie, ...attributes] = response.headers.get('set-cookie').split('; ')
      assert.equal(response.status, 303)
      assert.deepEqual(attributes, ['Path=/', 'Max-Age=2592000', 'SameSite=Lax'])
      return [cookie, response.headers.get('location').replace(shop.origin, '')]
    }
    const home = '/?cart=open'
    const added = `cart=${LAMPS_AND_MAP}&saturn-mobile=1`
    assert.deepEqual(await lead('add=saturn-mobile'), [added, home])
    assert.deepEqual(await lead('moon-lamp=7'), ['cart=moon-lamp=7&star-map=1', home])
    assert.deepEqual(await lead('remove=moon-lamp'), ['cart=star-map=1', home])
    for (const body of ['', 'add=nothing', 'saturn-mobile=1', 'moon-lamp=0', 'moon-lamp=1.5']) {
      assert.deepEqual(await lead(body), [`cart=${LAMPS_AND_MAP}`, home], body)
    }

    const from = referer => lead('', { referer })
    assert.equal((await from(`${shop.origin}/vue?a=b`))[1], '/vue?a=b&cart=open')
    for (const referer of ['https://example.com/vue', 'nonsense', `${shop.origin}.example.com/`]) {
      assert.equal((await from(referer))[1], home, referer)
    }
  })

  it('a form of another site is refused', TIMEOUT, async () => {
    const body = new URLSearchParams('add=saturn-mobile')
    const response = await post(body, { origin: 'https://example.com' })
    assert.equal(response.status, 403)
    assert.equal(response.headers.get('set-cookie'), null)
  })

  it('what is no form is refused', TIMEOUT, async () => {
    for (const body of ['{}', 'x'.repeat(20_000)]) {
      const response = await post(body, { 'content-type': 'application/json' })
      assert.equal(response.status, 400)
    }
    assert.equal((await post(new URLSearchParams({ add: 'x'.repeat(20_000) }))).status, 400)
  })
})
