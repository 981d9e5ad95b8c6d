// The integration for Astro, in real builds, driven in Chromium and Firefox.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { insertData } from '../js/astro/stream.js'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const SITES = join(ROOT, 'build/astro')
const SITE = join(SITES, 'site')
const SMALL = join(SITES, 'small')
const ASTRO = join(ROOT, 'node_modules/astro/bin/astro.mjs')
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const FRAMEWORKS = ['react', 'preact', 'solid', 'svelte', 'vue']
const FIREFOX = process.env.LAGOON_FIREFOX || '/usr/bin/firefox-esr'
const TIMEOUT = { timeout: 60_000 }

const OLD = `<lagoon-data of="$1 older" data='${JSON.stringify({
  gone: [1],
  count: ['text'],
  user: [{ name: 1 }, 'from before']
})}'></lagoon-data>`
const DATA = /<lagoon-data hidden of="([^"]*) \w+" data='[^']*'><\/lagoon-data>/

// Ways to serve a page other than as it is: by the first part of its path.
const CHANGED = {
  '/nonce': html => html.replace(/<script/g, '<script nonce="abc"'),
  '/older': html => html.replace(DATA, OLD)
}
const NONCE =
  "default-src 'none'; script-src 'nonce-abc' 'self'; style-src 'self' 'unsafe-inline'; img-src data:"

let handler
let server
let browser
let origin

const astro = (root, args, env) => {
  let child = spawn(process.execPath, [ASTRO, ...args, '--root', root], {
    cwd: root,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  child.output = ''
  for (let stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      child.output += data
    })
  }
  return child
}

const buildSite = (root, env) =>
  new Promise((resolve, reject) => {
    let child = astro(root, ['build'], env)
    child.on('exit', code => (code ? reject(new Error(child.output)) : resolve()))
  })

const serveFile = async (folder, path, response) => {
  try {
    let body = await readFile(join(folder, extname(path) ? path : join(path, 'index.html')))
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/html' }).end(body)
    return true
  } catch {
    return false
  }
}

const serve = async (request, response) => {
  let { pathname, search } = new URL(request.url, 'http://localhost')
  let change = Object.keys(CHANGED).find(prefix => pathname.startsWith(`${prefix}/`))
  if (change) {
    let page = await fetch(origin + pathname.slice(change.length) + search)
    if (change === '/nonce') response.setHeader('content-security-policy', NONCE)
    response.setHeader('content-type', 'text/html').end(CHANGED[change](await page.text()))
  } else if (!(await serveFile(join(SITE, 'dist/client'), pathname, response))) {
    handler(request, response)
  }
}

before(
  async () => {
    await rm(SITES, { recursive: true, force: true })
    await mkdir(SITES, { recursive: true })
    await cp(join(ROOT, 'tests/astro'), SITES, { recursive: true })
    await buildSite(SITE)
    ;({ handler } = await import(join(SITE, 'dist/server/entry.mjs')))
    server = createServer(serve)
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${server.address().port}`
    browser = await chromium.launch({
      executablePath: process.env.LAGOON_CHROMIUM || '/usr/bin/chromium',
      timeout: 30_000,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
      // A page that is left waits as it is in other people's browsers, too
      ignoreDefaultArgs: ['--disable-back-forward-cache']
    })
  },
  { timeout: 90_000 }
)

after(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

// Notes every text that an element which shows a store has ever had.
const noteTexts = () => {
  let seen = (window.seen = {})
  let note = () => {
    for (let element of document.querySelectorAll('.counter, lagoon-live')) {
      // Its start tag may come before its text
      if (!element.textContent && document.readyState === 'loading') continue
      let name = element.dataset.framework ?? 'live'
      seen[name] ||= []
      if (!seen[name].includes(element.textContent)) seen[name].push(element.textContent)
    }
  }
  new MutationObserver(note).observe(document, {
    childList: true,
    subtree: true,
    characterData: true
  })
}

/** Opens a page. Fails if it logs anything that `expected` does not match. */
async function visit(path, run, { expected, base = origin, init } = {}) {
  let page = await browser.newPage()
  let problems = []
  page.setDefaultTimeout(20_000)
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', error => problems.push(error.message))
  page.on('response', response => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
  })
  try {
    await page.addInitScript(noteTexts)
    if (init) await init(page)
    await page.goto(base + path, { waitUntil: 'commit' })
    await run(page, problems)
    assert.deepEqual(
      problems.filter(text => !expected?.test(text)),
      []
    )
  } finally {
    await page.close()
  }
}

const hydrated = page =>
  page.waitForFunction(
    () =>
      document.readyState === 'complete' &&
      !document.querySelector('astro-island[ssr][client="load"]')
  )
const seen = page => page.evaluate(() => window.seen)
const texts = (page, selector) => page.locator(selector).allTextContents()
const valueOf = (page, name) =>
  page.evaluate(name => globalThis.nanostoresGlobal.shared.get(name).store.value, name)
const shows = (page, selector, text) =>
  page.waitForFunction(
    ([selector, text]) =>
      [...document.querySelectorAll(selector)].every(({ textContent }) => textContent === text),
    [selector, text]
  )
const five = text => Object.fromEntries(FRAMEWORKS.map(framework => [framework, [text]]))

/** Makes what `await globalThis.late` waits for in a page of the site. */
const makeLate = () => {
  let late = Promise.withResolvers()
  globalThis.late = late.promise
  return late.resolve
}

const ISLAND = '<astro-island uid="1"><b>1</b></astro-island>'
const HEAD = `<!doctype html><html lang=en><head><meta charset="utf-8"><!-- <body> --><title><body></title>
  <noscript><link rel=x></noscript><template><p></p></template><style>a>b{}</style><script>"<body>"</script></head>`

// Pages with places where an element is lost, or breaks something.
const PAGES = [
  `${HEAD}<body class='<body>${ISLAND}'><p title="a>b" id=it's>é&amp;🛰️ 1 < 2 <3 </ 4</p>${ISLAND}</body></html>\n`,
  `<!doctype html><body><!-- ${ISLAND}</body> -- > --!><p></p><!-->${ISLAND}<!---><i></i><!--${ISLAND}-->`,
  `<!DOCTYPE html><BODY><TEXTAREA>${ISLAND}</body></TEXTAREA ><p></p><script>'</scripts><!--'</script>${ISLAND}`,
  `<!doctype html><body><iframe>${ISLAND}</iframe><i></i><noscript>${ISLAND}</noscript>${ISLAND}</body>`,
  `<!doctype html><body><template a="</template>"><template>${ISLAND}</template>${ISLAND}</template>${ISLAND}`,
  `<!doctype html><body><svg/><svg><title/><svg></svg><foreignObject>${ISLAND}</foreignObject></svg>${ISLAND}`,
  `<!doctype html><body><select><option>a${ISLAND}</select><table><colgroup><col><col></colgroup><tr><td>${ISLAND}</table><?a>${ISLAND}`,
  `<!doctype html><body><astro-island>a<template>${ISLAND}</template>${ISLAND}</astro-island><hr>`,
  `<i>a</i><astro-island-x><b></b></astro-island-x>${ISLAND}<i></i>`
]

/**
 * Puts an element into a page, wherever it is cut in two: when its first part comes, or only with its
 * second. Resolves with the page and, for each of the two, all that came out.
 */
const insertEverywhere = async page => {
  let bytes = new TextEncoder().encode(page)
  let insert = async (cut, isEarly) => {
    let parts = [bytes.slice(0, cut), bytes.slice(cut)]
    let data = '<lagoon-data hidden></lagoon-data>'
    let body = new ReadableStream(
      {
        pull(controller) {
          if (parts.length) controller.enqueue(parts.shift())
          else controller.close()
        }
      },
      { highWaterMark: 0 }
    )
    let isBehind = () => (isEarly || !parts.length) && data !== ''
    let flush = () => [data, (data = '')][0]
    let stream = insertData(body, { isBehind, flush }, fn => fn())
    return new Response(stream).text()
  }
  let insertAt = isEarly => Promise.all([...bytes.keys()].map(cut => insert(cut, isEarly)))
  return {
    page,
    early: [...new Set(await insertAt(true))],
    late: [...new Set(await insertAt(false))]
  }
}

/** In a browser: returns what has lost or broken something. */
const findBroken = ({ page, early, late }) => {
  let parse = html => new DOMParser().parseFromString(html, 'text/html')
  let isBroken = (html, isEarly) => {
    let document = parse(html)
    let all = document.getElementsByTagName('lagoon-data')
    let [data] = all
    if (all.length !== 1 || !(data instanceof HTMLElement)) return true
    let island = document.querySelector('astro-island:not(noscript *)')
    let isLate = data.compareDocumentPosition(island) & Node.DOCUMENT_POSITION_PRECEDING
    if (data.closest('astro-island, noscript, select') || (isEarly && isLate)) return true
    data.remove()
    return document.documentElement.outerHTML !== parse(page).documentElement.outerHTML
  }
  return [
    ...early.filter(html => isBroken(html, true)),
    ...late.filter(html => isBroken(html, false))
  ]
}

/** Goes back to a page that was left. Fails if that was loaded anew. */
const goBack = async page => {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      window.isPersisted = persisted
    })
  })
  await page.goto(`${origin}/plain`)
  // To wait for a page to load that is there already takes forever
  await page.evaluate(() => {
    setTimeout(() => history.back())
  })
  await page.waitForFunction(() => window.isPersisted)
}

describe('lagoon/astro', { concurrency: 1, timeout: 200_000 }, () => {
  it('islands of all frameworks hydrate with what the server wrote', TIMEOUT, () =>
    visit('/', async page => {
      await hydrated(page)
      assert.deepEqual(await seen(page), { ...five('41'), live: ['41 items', '<b>'] })
      await page.click('[data-framework=svelte]')
      await shows(page, '.counter:not(#below *)', '42')
      await shows(page, 'lagoon-live.label', '42 items')
      assert.equal(await page.locator('lagoon-data').count(), 0)
    })
  )

  it('an island that is hydrated late is drawn anew if the store has moved on', TIMEOUT, () =>
    visit('/', async page => {
      await hydrated(page)
      await page.click('[data-framework=react]')
      await shows(page, '.counter:not(#below *)', '42')
      assert.deepEqual(await texts(page, '#below .counter'), Array(5).fill('41'))
      await page.locator('#below').scrollIntoViewIfNeeded()
      await shows(page, '.counter', '42')
      for (let framework of FRAMEWORKS) {
        await page.click(`#below [data-framework=${framework}]`)
      }
      await shows(page, '.counter', '47')
    })
  )

  it('an island is hydrated in any other way with what is in the store', TIMEOUT, () =>
    visit('/later', async page => {
      await page.waitForFunction(
        () => !document.querySelector('astro-island[ssr]:not([client=media])')
      )
      assert.deepEqual(await seen(page), five('41'))
      await page.click('#only [data-framework=solid]')
      await shows(page, ':is(#idle, #only) .counter', '42')
      assert.deepEqual(await texts(page, '#media .counter'), Array(5).fill('41'))
      await page.setViewportSize({ width: 500, height: 800 })
      await shows(page, '#media .counter', '42')
      for (let framework of FRAMEWORKS) await page.click(`#media [data-framework=${framework}]`)
      await shows(page, '.counter', '47')
    })
  )

  it('a page that is left and returned to is as it was', TIMEOUT, () =>
    visit('/', async page => {
      await hydrated(page)
      await page.click('[data-framework=react]')
      await shows(page, '.counter:not(#below *)', '42')
      await goBack(page)
      assert.deepEqual(await texts(page, '.counter:not(#below *)'), Array(6).fill('42'))
      await page.click('[data-framework=preact]')
      await shows(page, '.counter:not(#below *)', '43')
      await shows(page, 'lagoon-live.label', '43 items')
    })
  )

  it('stores that are shared in components of Svelte and Vue', TIMEOUT, () =>
    visit('/components', async page => {
      await hydrated(page)
      assert.deepEqual(await seen(page), { svelte: ['5'], vue: ['6'], live: ['5', '6'] })
      await page.click('[data-framework=svelte]')
      await page.click('[data-framework=vue]')
      await shows(page, '.svelte', '6')
      await shows(page, '.vue', '7')
    })
  )

  it('a page without shared stores has no script and no data', TIMEOUT, async () => {
    let html = await (await fetch(`${origin}/plain`)).text()
    assert.doesNotMatch(html, /<script|lagoon/)
  })

  it(
    'streams: what was written early comes early, and what was written late comes late',
    TIMEOUT,
    async () => {
      let finish = makeLate()
      let decoder = new TextDecoder()
      let { headers, body } = await fetch(`${origin}/stream`)
      assert.equal(headers.get('set-cookie'), 'seen=yes')
      assert.equal(headers.get('x-of'), 'the page')
      let reader = body.getReader()
      let read = async () => {
        let { done, value } = await reader.read()
        return done ? undefined : decoder.decode(value, { stream: true })
      }
      let early = ''
      while (early.split('</astro-island>').length < 6) early += await read()
      assert.match(early, /<body><lagoon-data [^>]*data='{"count":\[1\]}'><\/lagoon-data>/)
      finish()
      let late = ''
      for (let chunk; (chunk = await read()) !== undefined;) late += chunk
      assert.match(late, /<lagoon-data [^>]*data='{"count":\[2\],"price":\[9\]}'><\/lagoon-data>/)
      assert.equal(early.split('<lagoon-data').length, 2)
    }
  )

  it('streams: a late value reaches islands that are hydrated', TIMEOUT, async () => {
    let finish = makeLate()
    let end = Promise.withResolvers()
    globalThis.end = end.promise
    await visit('/stream', async page => {
      await page.waitForFunction(
        () =>
          document.querySelectorAll('astro-island').length === 5 &&
          !document.querySelector('astro-island[ssr]')
      )
      assert.deepEqual(await texts(page, '.counter'), Array(5).fill('1'))
      finish()
      await shows(page, '.counter', '2')
      await shows(page, '#late lagoon-live', '9')
      assert.deepEqual((await seen(page)).react, ['1', '2'])
      assert.equal(await page.locator('#end').count(), 0)
      end.resolve()
      await page.waitForSelector('#end', { state: 'attached' })
    })
  })

  it('streams: an island that a late value overtakes is drawn anew', TIMEOUT, async () => {
    let finish = makeLate()
    let slow = Promise.withResolvers()
    let init = page =>
      page.route(/_astro\/Counter/, async route => {
        await slow.promise
        await route.continue()
      })
    await visit(
      '/stream',
      async page => {
        await page.waitForFunction(() => document.querySelectorAll('.counter').length === 5)
        finish()
        await page.waitForSelector('#late')
        assert.deepEqual(await texts(page, '.counter'), Array(5).fill('1'))
        slow.resolve()
        await hydrated(page)
        await shows(page, '.counter', '2')
        for (let framework of FRAMEWORKS) await page.click(`[data-framework=${framework}]`)
        await shows(page, '.counter', '7')
      },
      { init }
    )
  })

  it('islands of React that are overtaken before React gets to them keep their HTML', TIMEOUT, () =>
    visit(
      '/overtaken',
      async page => {
        await hydrated(page)
        await shows(page, '.derived', '43: Bob has 43 pieces')
        let islands = await page.evaluate(() =>
          window.drawn.map(({ html, element }) => ({
            html,
            isKept: element.isConnected,
            title: element.title,
            hasSameId: html.includes(`id="${element.id}"`)
          }))
        )
        assert.equal(islands.length, 3)
        for (let { html, ...rest } of islands) {
          assert.match(html, / title="41 items">41<!-- -->: <!-- -->Ada has 41 pieces</)
          assert.deepEqual(rest, { isKept: true, title: '43 items', hasSameId: true })
        }
        await page.click('.counter')
        await shows(page, '.derived', '44: Bob has 44 pieces')
        assert.equal(await page.locator('.derived[title="44 items"]').count(), 3)
      },
      {
        // React has been told to hydrate all three, and has not begun. One waits even longer
        init: page =>
          page.addInitScript(() => {
            let { promise, resolve } = Promise.withResolvers()
            window.untilOvertaken = promise
            window.drawn = []
            let overtake = ({ target }) => {
              let element = target.querySelector('.derived')
              if (!element) return
              window.drawn.push({ element, html: element.outerHTML })
              if (window.drawn.length < 3) return
              let { shared } = globalThis.nanostoresGlobal
              shared.get('user').store.setKey('name', 'Bob')
              shared.get('count').store.set(43)
              setTimeout(resolve, 100)
            }
            document.addEventListener('astro:hydrate', overtake, true)
          })
      }
    )
  )

  it('streams: nothing is lost or broken, wherever a page is cut', TIMEOUT, async () => {
    let page = await browser.newPage()
    for (let html of PAGES) {
      assert.deepEqual(await page.evaluate(findBroken, await insertEverywhere(html)), [])
    }
    await page.close()
  })

  it('streams: a late value in a place where nothing can be put in arrives', TIMEOUT, () =>
    visit('/elsewhere', async page => {
      await hydrated(page)
      await shows(page, 'body > astro-island .counter', '7')
      let inShadow = page.locator('#shadow astro-island:not([ssr]) .counter')
      await inShadow.click()
      await shows(page, 'body > astro-island .counter', '8')
      assert.equal(await inShadow.textContent(), '8')
      assert.equal(await page.inputValue('textarea'), '')
      await page.evaluate(() => {
        let { content } = document.querySelector('#template')
        document.body.append(content.cloneNode(true))
      })
      await hydrated(page)
      assert.deepEqual(await texts(page, 'body > astro-island .counter'), ['8', '8'])
      assert.equal(await page.locator('lagoon-data').count(), 0)
    })
  )

  it('a page that is left while it streams ends on the server', TIMEOUT, async () => {
    let finish = makeLate()
    let aborter = new AbortController()
    let { body } = await fetch(`${origin}/stream`, { signal: aborter.signal })
    await body.getReader().read()
    aborter.abort()
    finish()
    assert.equal((await fetch(`${origin}/plain`)).status, 200)
  })

  for (let [policy, prefix, times] of [
    // 10 MB
    ['by hash', '', 2 ** 21],
    ['by nonce', '/nonce', 100]
  ]) {
    it(`every value arrives as it was, and runs nothing, under a policy ${policy}`, TIMEOUT, () =>
      visit(
        `${prefix}/values?times=${times}`,
        async page => {
          await hydrated(page)
          let { corpus, describe } = await import('./astro/site/src/stores/corpus.js')
          let there = await page.evaluate(`(() => {
            let describe = ${describe}
            let { long, ...rest } = globalThis.nanostoresGlobal.shared.get('values').store.value
            return {
              rest: describe(rest),
              isLongSame: long === "<!--'".repeat(${times}),
              isOwn: Object.hasOwn(rest.keys, '__proto__') && !rest.keys.isHacked && !({}).isHacked
            }
          })()`)
          let { long, ...rest } = corpus(times)
          assert.equal(long.length, 5 * times)
          assert.deepEqual(there, { rest: describe(rest), isLongSame: true, isOwn: true })
          assert.equal(await page.evaluate(() => window.hacked), undefined)
          assert.equal(await page.locator('img, svg').count(), 0)
        },
        { init: page => page.addInitScript('window.run = () => { window.hacked = true }') }
      )
    )
  }

  it('a value that can’t travel is an error that names the store', TIMEOUT, async t => {
    let { mock } = t.mock.method(console, 'error', () => {})
    assert.equal((await fetch(`${origin}/cycle`)).status, 500)
    let [[logged]] = mock.calls.map(({ arguments: args }) => args)
    assert.match(String(logged), /the shared store 'user' can't be sent: a value contains itself/)
  })

  it('<Live> of a store that is not shared is an error that says what to do', TIMEOUT, async t => {
    let { mock } = t.mock.method(console, 'error', () => {})
    await assert.rejects(async () => (await fetch(`${origin}/unshared`)).text())
    let logged = mock.calls.map(({ arguments: args }) => args.map(String).join(' ')).join()
    assert.match(logged, /<Live> needs a shared store\. Share it where it is made/)
  })

  it('stores are props, in all frameworks and within other values', TIMEOUT, () =>
    visit('/props', async page => {
      await hydrated(page)
      assert.deepEqual(await seen(page), five('7'))
      assert.deepEqual(await texts(page, '#nested'), ['7 0 items 5 true,true'])
      for (let framework of FRAMEWORKS) await page.click(`[data-framework=${framework}]`)
      await shows(page, '.counter', '12')
      await shows(page, '#nested', '12 0 items 5 true,true')
      assert.equal(await valueOf(page, 'price'), 12)
    })
  )

  it('a server island brings what its own request wrote', TIMEOUT, () =>
    visit('/deferred', async page => {
      await page.waitForSelector('astro-island:not([ssr]) .counter')
      assert.deepEqual((await seen(page)).react, ['5'])
      assert.equal(await valueOf(page, 'count'), 5)
    })
  )

  it('a server island that only reads a store leaves the page its value', TIMEOUT, () =>
    visit('/reading', async page => {
      await page.waitForSelector('#reading')
      await shows(page, '#reading lagoon-live', '9')
      await page.waitForFunction(() => {
        let { shared } = globalThis.nanostoresGlobal ?? {}
        return shared?.has('count') && shared.has('price')
      })
      await hydrated(page)
      assert.deepEqual((await seen(page)).react, ['41'])
      assert.equal(await valueOf(page, 'count'), 41)
      assert.equal(await valueOf(page, 'price'), 9)
    })
  )

  it('a part of a page that only reads a store leaves the page its value', TIMEOUT, () =>
    visit('/', async page => {
      await hydrated(page)
      await page.evaluate(async () => {
        let part = await (await fetch('/partial')).text()
        document.querySelector('p').insertAdjacentHTML('afterend', part)
      })
      await shows(page, '#partial lagoon-live', '9')
      await page.click('[data-framework=vue]')
      await shows(page, '.counter:not(#below *)', '42')
      assert.equal(await valueOf(page, 'price'), 9)
    })
  )

  it('what an action wrote is in the page that answers, and in those after it', TIMEOUT, () =>
    visit('/action', async page => {
      for (let count of ['5', '10']) {
        await hydrated(page)
        await Promise.all([page.waitForResponse(/_action=add/), page.click('#add')])
        await page.waitForLoadState()
        await hydrated(page)
        assert.deepEqual(await seen(page), { react: [count], live: [count] })
      }
      await page.goto(`${origin}/action`)
      await hydrated(page)
      assert.deepEqual(await seen(page), { react: ['10'], live: ['nobody'] })
    })
  )

  it('an answer that is no page has no data', TIMEOUT, async () => {
    let answers = [
      ['/_actions/add', { method: 'POST', headers: { origin }, body: new URLSearchParams('by=1') }],
      ['/secret.json?is=1'],
      ['/redirected', { redirect: 'manual' }]
    ]
    for (let [path, options] of answers) {
      let text = await (await fetch(origin + path, options)).text()
      assert.doesNotMatch(text, /[<]|lagoon/, path)
    }
  })

  it('a page for an error has nothing of what failed', TIMEOUT, async t => {
    t.mock.method(console, 'error', () => {})
    for (let [path, status, name] of [
      ['/nowhere', 404, 'not found'],
      ['/missing', 404, 'not found'],
      ['/broken', 500, 'failed']
    ]) {
      let response = await fetch(origin + path)
      let html = await response.text()
      assert.equal(response.status, status)
      assert.match(html, /<lagoon-live store="count"[^>]*>0</)
      assert.ok(html.includes(`{"user":[{"name":1},"${name}"],"count":[0]}`), html)
    }
  })

  it('a page that another one is rewritten to has what that wrote', TIMEOUT, () =>
    visit('/rewritten', async page => {
      await hydrated(page)
      assert.deepEqual(await seen(page), { live: ['Ada'], react: ['3'] })
      assert.equal((await valueOf(page, 'user')).name, 'Ada')
    })
  )

  it('what looks like a store in what a visitor wrote is none', TIMEOUT, () =>
    visit('/fixed', async page => {
      await hydrated(page)
      await page.click('a')
      await page.waitForSelector('.forged')
      await hydrated(page)
      assert.deepEqual(await texts(page, '.forged'), ['of a visitor', 'of a visitor'])
    })
  )

  it('an older deployment: each name once, and the rest is taken', TIMEOUT, () =>
    visit(
      '/older/',
      async (page, problems) => {
        await hydrated(page)
        assert.deepEqual(await valueOf(page, 'user'), { name: 'from before' })
        assert.equal(await valueOf(page, 'count'), 0)
        await shows(page, '.counter:not(#below *)', '0')
        let reports = problems.filter(text => text.startsWith('Lagoon: '))
        assert.equal(reports.length, 2)
        for (let text of [
          "'gone' is left out: nothing is shared",
          "'count' is left out: it has another shape"
        ]) {
          assert.ok(
            reports.some(report => report.includes(text)),
            reports.join('\n')
          )
        }
      },
      { expected: /^Lagoon: / }
    )
  )

  describe('client router', { concurrency: 1 }, () => {
    const heading = (page, text) =>
      page.waitForFunction(text => document.querySelector('h1')?.textContent === text, text)
    const follow = (page, name) => page.click(`a:text("${name}")`)

    it('a new value of the server is applied, the same one is not', TIMEOUT, async () => {
      makeLate()()
      await visit('/router?says=1&next=says%3D1%26next%3Dsays%253D3', async page => {
        await hydrated(page)
        await page.click('.counter')
        await follow(page, 'next')
        await page.waitForURL(/\?says=1&next=says%3D3$/)
        await hydrated(page)
        await shows(page, '.counter, lagoon-live', '2')
        await follow(page, 'next')
        await heading(page, '3')
        await hydrated(page)
        await shows(page, '.counter, lagoon-live', '3')
        await page.click('.counter')
        await shows(page, '.counter, lagoon-live', '4')
        assert.equal(
          await page.evaluate(() => performance.getEntriesByType('navigation').length),
          1
        )
      })
    })

    it('an island that persists keeps its own state, and follows the store', TIMEOUT, async () => {
      makeLate()()
      await visit('/router?says=1&next=says%3D3', async page => {
        await hydrated(page)
        await page.click('.kept')
        await page.click('.kept')
        await shows(page, '.kept', 'page 1, 2 clicks, count 1')
        await follow(page, 'next')
        await shows(page, '.kept', 'page 3, 2 clicks, count 3')
        await page.click('.kept')
        await shows(page, '.kept', 'page 3, 3 clicks, count 3')
      })
    })

    it('what React has not hydrated in an island that persists keeps its HTML', TIMEOUT, () =>
      visit(
        '/kept?says=1',
        async page => {
          await hydrated(page)
          await page.evaluate(() => {
            window.drawn = document.querySelector('.derived')
          })
          await follow(page, 'next')
          await heading(page, '2')
          assert.deepEqual(await texts(page, '.derived'), ['1: nobody has 1 pieces'])
          await page.evaluate(() => window.go())
          await shows(page, '.derived', '2: nobody has 2 pieces')
          assert.equal(await page.getAttribute('.derived', 'title'), '2 items')
          assert.ok(await page.evaluate(() => window.drawn.isConnected))
        },
        {
          init: page =>
            page.addInitScript(() => {
              window.untilOvertaken = new Promise(resolve => {
                window.go = resolve
              })
            })
        }
      )
    )

    it('what was changed while the page was under way stays', TIMEOUT, async () => {
      makeLate()()
      await visit('/router?says=1&next=says%3D7', async page => {
        await hydrated(page)
        let finish = makeLate()
        await follow(page, 'next')
        await page.waitForTimeout(50)
        await page.click('.counter')
        await shows(page, '.counter, lagoon-live', '2')
        finish()
        await heading(page, '7')
        await hydrated(page)
        await shows(page, '.counter, lagoon-live', '2')
      })
    })

    it('a page that was made by the build knows less than the server', TIMEOUT, async () => {
      makeLate()()
      await visit('/router?says=5', async page => {
        await hydrated(page)
        await follow(page, 'fixed')
        await heading(page, 'fixed')
        await hydrated(page)
        await shows(page, '.counter', '5')
      })
      await visit('/fixed', async page => {
        await hydrated(page)
        assert.deepEqual(await seen(page), { react: ['100'] })
      })
    })

    it(
      'back: what was changed stays, and what the browser has kept is older',
      TIMEOUT,
      async () => {
        makeLate()()
        let kept
        // A browser may have the page that it goes back to, and not ask for it
        let init = page =>
          page.route(/says=1&/, async route => {
            kept ??= await route.fetch()
            await route.fulfill({ response: kept })
          })
        let path = '/router?says=1&next=says%3D5%26next%3Dsays%253D5'
        await visit(
          path,
          async page => {
            await hydrated(page)
            await follow(page, 'next')
            await heading(page, '5')
            await hydrated(page)
            await page.goBack()
            await heading(page, '1')
            await hydrated(page)
            await shows(page, '.counter, lagoon-live', '5')
            await page.click('.counter')
            await page.goForward()
            await heading(page, '5')
            await hydrated(page)
            await shows(page, '.counter, lagoon-live', '6')
          },
          { init }
        )
      }
    )

    it('<Live> stops when it is gone', TIMEOUT, async () => {
      makeLate()()
      await visit('/router?says=5', async page => {
        await hydrated(page)
        let isListenedToBy = count =>
          page.waitForFunction(
            count => globalThis.nanostoresGlobal.shared.get('count').store.lc === count,
            count
          )
        await isListenedToBy(3)
        await page.evaluate(() => document.querySelector('lagoon-live').remove())
        await isListenedToBy(2)
      })
    })
  })

  it('300 requests at once keep their values apart', TIMEOUT, async () => {
    let answers = await Promise.all(
      Array.from({ length: 300 }, async (_, secret) =>
        (await fetch(`${origin}/secret.json?is=${secret}`)).json()
      )
    )
    for (let [secret, answer] of answers.entries()) {
      let round = [secret, `${secret} items`]
      assert.deepEqual(answer, [0, ...round, ...round, ...round])
    }
  })

  it('<Live> has less than 1 KB of script', async () => {
    let { outputFiles } = await build({
      stdin: {
        contents: "import { define } from './live.js'; define()",
        resolveDir: join(ROOT, 'js/astro')
      },
      bundle: true,
      minify: true,
      format: 'esm',
      external: ['virtual:*'],
      define: { 'process.env.NODE_ENV': '"production"' },
      write: false
    })
    let size = brotliCompressSync(outputFiles[0].contents).length
    console.log(`<Live>: ${size} bytes of script`)
    assert.ok(size < 1024)
  })

  it(
    'in Firefox',
    { ...TIMEOUT, skip: existsSync(FIREFOX) ? false : 'it is not installed' },
    async () => {
      let firefox = await puppeteer.launch({
        browser: 'firefox',
        executablePath: FIREFOX,
        timeout: 30_000
      })
      try {
        let page = await firefox.newPage()
        let problems = []
        page.on('console', message => {
          if (['error', 'warn'].includes(message.type())) problems.push(message.text())
        })
        page.on('pageerror', error => problems.push(error.message))
        await page.evaluateOnNewDocument(noteTexts)
        await page.goto(origin)
        await page.waitForFunction(() => !document.querySelector('astro-island[ssr][client=load]'))
        assert.deepEqual(await page.evaluate(() => window.seen), {
          ...five('41'),
          live: ['41 items', '<b>']
        })
        await page.click('[data-framework=vue]')
        await page.waitForFunction(
          () => document.querySelector('lagoon-live').textContent === '42 items'
        )
        await page.goto(`${origin}/later`)
        await page.waitForFunction(
          () => !document.querySelector('astro-island[ssr]:not([client=media])')
        )
        assert.deepEqual(await page.evaluate(() => window.seen), five('41'))
        await page.click('#only [data-framework=svelte]')
        await page.setViewport({ width: 500, height: 800 })
        await page.waitForFunction(() =>
          [...document.querySelectorAll('.counter')].every(
            ({ textContent }) => textContent === '42'
          )
        )
        let select = PAGES.find(html => html.includes('<select'))
        assert.deepEqual(await page.evaluate(findBroken, await insertEverywhere(select)), [])
        await page.goto(origin)
        await page.waitForFunction(() => !document.querySelector('astro-island[ssr][client=load]'))
        await page.click('[data-framework=vue]')
        await goBack(page)
        await page.click('[data-framework=svelte]')
        await page.waitForFunction(
          () => document.querySelector('lagoon-live').textContent === '43 items'
        )
        assert.deepEqual(problems, [])
      } finally {
        await firefox.close()
      }
    }
  )
})

describe('lagoon/astro elsewhere', { concurrency: 1, timeout: 200_000 }, () => {
  const check = base =>
    visit(
      '/live',
      async page => {
        await hydrated(page)
        assert.deepEqual(await seen(page), { live: ['7'] })
        await page.click('.counter')
        await shows(page, '.counter, lagoon-live', '8')
      },
      { base }
    )

  it('a static site', { timeout: 60_000 }, async () => {
    await buildSite(SMALL, { LAGOON_TEST_OUTPUT: 'static' })
    let files = createServer(async ({ url }, response) => {
      if (!(await serveFile(join(SMALL, 'static'), url, response))) response.writeHead(404).end()
    })
    await new Promise(resolve => files.listen(0, '127.0.0.1', resolve))
    await check(`http://127.0.0.1:${files.address().port}`)
    files.closeAllConnections()
    files.close()
  })

  it('@astrojs/node, standalone', { timeout: 60_000 }, async () => {
    await buildSite(SMALL)
    let child = spawn(process.execPath, [join(SMALL, 'dist/server/entry.mjs')], {
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit']
    })
    try {
      let port = await new Promise(resolve => {
        child.stdout.on('data', data => {
          let [, port] = /127\.0\.0\.1:(\d+)/.exec(data) ?? []
          if (port) resolve(port)
        })
      })
      await check(`http://127.0.0.1:${port}`)
    } finally {
      child.kill()
    }
  })

  it('astro dev: a store module that is changed keeps the value', { timeout: 60_000 }, async () => {
    await cp(join(SMALL, 'dev'), join(SMALL, 'src'), { recursive: true })
    let child = astro(SMALL, ['dev', '--port', '0', '--host', '127.0.0.1'], {
      LAGOON_TEST_OUTPUT: 'dev'
    })
    try {
      let base = await new Promise((resolve, reject) => {
        child.on('exit', () => reject(new Error(child.output)))
        child.stdout.on('data', () => {
          let [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(child.output) ?? []
          if (url) resolve(url)
        })
      })
      // Vite bundles what the page imports when it is asked for the first time
      await visit('/', page => hydrated(page), { base, expected: /./ })
      await check(base)
      await visit(
        '/live',
        async page => {
          await hydrated(page)
          assert.deepEqual(await texts(page, '.counter'), ['7'])
          await page.evaluate(() => {
            window.isSamePage = true
          })
          await page.click('.counter')
          await shows(page, '.counter, lagoon-live', '8')
          let file = join(SMALL, 'src/stores/counter.js')
          let code = await readFile(file, 'utf8')
          await writeFile(file, code.replace('step = 1', 'step = 10'))
          // Clicks until one counts by the new step
          let isKept = await page.evaluate(async () => {
            let count = () => Number(document.querySelector('.counter').textContent)
            for (let round = 0, last = 8; round < 100; round++) {
              if (count() < last) return false
              last = count()
              document.querySelector('.counter').click()
              await new Promise(resolve => setTimeout(resolve, 50))
              if (count() === last + 10) return true
            }
          })
          assert.equal(isKept, true)
          await shows(page, 'lagoon-live', await page.textContent('.counter'))
          assert.ok(await page.evaluate(() => window.isSamePage))
        },
        { base }
      )
      // Vue draws it with the store of the module that was there before
      await visit(
        '/component',
        async page => {
          await hydrated(page)
          await page.click('.counter')
          await shows(page, '.counter, lagoon-live', '8')
          let file = join(SMALL, 'src/components/Counter.vue')
          let code = await readFile(file, 'utf8')
          await writeFile(file, code.replace('class="counter"', 'class="counter changed"'))
          await page.waitForSelector('.changed')
          await shows(page, '.counter, lagoon-live', '8')
          await page.click('.counter')
          await shows(page, '.counter, lagoon-live', '9')
        },
        { base, expected: /./ }
      )
    } finally {
      child.kill()
    }
  })
})
