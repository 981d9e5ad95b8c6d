// How the storefront looks: two sizes, light and dark. The pictures are in build/screenshots.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  add,
  allAgree,
  alternativesAgree,
  button,
  flyout,
  gone,
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

const SCREENSHOTS = fileURLToPath(new URL('../build/screenshots/', import.meta.url))
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 832 } }

let shop
let browser
let shopping

before(async () => {
  shop = await openShop()
  browser = await openChromium({ images: true })
  shopping = shopper(browser, shop.origin)
}, TIMEOUT)

after(async () => {
  await browser?.close()
  shop?.close()
})

describe('the looks of the storefront', { concurrency: 3, timeout: 240_000 }, () => {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      const isFlyoutOfEach = size === 'phone' && colorScheme === 'light'
      const names = ['home', 'alternatives', ...(isFlyoutOfEach ? PAGES : [])]
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
            { viewport, colorScheme, cart: THREE_FIGURINES }
          )
        )
      }
    }
  }
})
