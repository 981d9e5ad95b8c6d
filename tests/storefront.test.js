// The storefront, driven in Chromium: five frameworks, one cart. In Firefox, cookies are refused.

import assert from 'node:assert/strict'
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
  gone,
  hydrated,
  inFirefox,
  openChromium,
  openShop,
  scrollToSummaries,
  seen,
  shopper,
  summary,
  THREE_FIGURINES,
  TIMEOUT,
  toggle
} from './storefront.js'

const ON_HOME = {
  React: { name: 'Astronaut Figurine', price: '€24.00', twice: '€48.00' },
  Preact: { name: 'Moon Lamp', price: '€39.00', twice: '€78.00' },
  Solid: { name: 'Rocket Bookend', price: '€32.50', twice: '€65.00' },
  Svelte: { name: 'Saturn Mobile', price: '€28.50', twice: '€57.00' },
  Vue: { name: 'Star Map', price: '€18.00', twice: '€36.00' }
}
const FIGURINES = {
  id: 'astronaut-figurine',
  name: 'Astronaut Figurine',
  imageSrc: '/images/astronaut-figurine.svg',
  price: 2400,
  quantity: 3
}
// In localStorage, and what becomes of it.
const OLD_CARTS = {
  '{"astronaut-figurine":{"id":"astro': '0 items',
  '[1,null,"x"]': '0 items',
  '{"astronaut-figurine":2,"star-map":{"id":"star-map","quantity":-1}}': '0 items',
  [JSON.stringify({ [FIGURINES.id]: FIGURINES, 'star-map': 7 })]: '3 items'
}

let shop
let browser
let shopping

before(async () => {
  shop = await openShop()
  browser = await openChromium()
  shopping = shopper(browser, shop.origin)
}, TIMEOUT)

after(async () => {
  await browser?.close()
  shop?.close()
})

function refuseStorage() {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError')
  }
  Object.defineProperty(window, 'localStorage', { get: refuse })
  Object.defineProperty(Document.prototype, 'cookie', { get: refuse, set: refuse })
  window.BroadcastChannel = refuse
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
          assert.match(await summary(page, framework).textContent(), /3 items/, 'not hydrated yet')
        }
        await scrollToSummaries(page)
        await allAgree(page, '4 items', '€111.00')
        await add(page, 'Moon Lamp')
        await allAgree(page, '5 items', '€150.00')
      },
      { cart: THREE_FIGURINES }
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
        assert.equal(await page.evaluate(() => document.cookie), 'cart=')
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
        { cart: THREE_FIGURINES }
      )
    )

    it(`${path}: follows another tab`, TIMEOUT, () =>
      shopping(async visit => {
        const page = await visit(path)
        const other = await visit(
          `/${FRAMEWORKS.at(FRAMEWORKS.indexOf(framework) - 1).toLowerCase()}`
        )
        await add(other, 'Rocket Bookend')
        await toggle(page, '1 item').click()
        await button(page, 'Increase quantity of Rocket Bookend').click()
        await seen(flyout(other), 'Quantity: 2')
        await button(page, 'Remove Rocket Bookend').click()
        await seen(flyout(other), 'Your cart is empty!')

        await add(other, 'Star Map')
        await toggle(page, '1 item').waitFor()
        assert.equal(await page.evaluate(() => document.cookie), 'cart=star-map=1')
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
      { cart: THREE_FIGURINES }
    )
  )

  it('/alternatives in Firefox, which refuses cookies: all four agree', FIREFOX_TIMEOUT, () =>
    inFirefox(
      async page => {
        await page.goto(`${shop.origin}/alternatives`)
        await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'))
        assert.equal(await page.evaluate(() => navigator.cookieEnabled), false)
        await page.locator('::-p-aria(Add to cart Saturn Mobile)').click()
        await alternativesAgreeInFirefox(page, '€28.50')
        await page.reload()
        await alternativesAgreeInFirefox(page, '€0.00')
      },
      { 'network.cookie.cookieBehavior': 2 }
    )
  )

  it('home: adds where cookies and all storage are refused', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/', { init: refuseStorage })
      await add(page, 'Star Map')
      await seen(flyout(page), 'Quantity: 1')
      await comeBack(page)
      await toggle(page, '1 item').waitFor()
    })
  )

  it('a cart that an earlier version of the shop saved is kept', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/svelte')
      for (const [json, count] of Object.entries(OLD_CARTS)) {
        await page.evaluate(json => {
          document.cookie = 'cart=; Max-Age=0'
          localStorage.setItem('cart', json)
        }, json)
        await page.reload()
        await hydrated(page)
        await toggle(page, count).waitFor()
      }
      await page.reload()
      await toggle(page, '3 items').waitFor()
      assert.equal(await page.evaluate(() => localStorage.getItem('cart')), null)
    })
  )

  it('the cart that was saved before joins the one in the cookie', TIMEOUT, () =>
    shopping(
      async visit => {
        const page = await visit('/svelte')
        await page.evaluate(() => {
          localStorage.setItem(
            'cart',
            '{"astronaut-figurine":{"quantity":9},"star-map":{"quantity":1}}'
          )
        })
        await page.reload()
        await toggle(page, '4 items').waitFor()
      },
      { cart: THREE_FIGURINES }
    )
  )

  it('a page from the back/forward cache, and one from the background, catch up', TIMEOUT, () =>
    shopping(async visit => {
      const page = await visit('/svelte')
      const save = cart => page.evaluate(cart => (document.cookie = `cart=${cart}`), cart)
      await save(THREE_FIGURINES)
      await comeBack(page)
      await toggle(page, '3 items').waitFor()
      await save('star-map=1')
      await page.evaluate(() =>
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      )
      await toggle(page, '1 item').waitFor()
    })
  )
})
