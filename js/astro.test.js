import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAst } from 'rollup/parseAst'
import { openPage } from './astro/page.js'
import { pastWith } from './astro/past.js'
import { insertData } from './astro/stream.js'
import { vitePlugins } from './astro/vite.js'
import { atom, computed, effect, onMount, share, untracked } from './index.js'
import { createLagoon } from './server.js'

const ISLAND = '<astro-island uid="1">'
const encoder = new TextEncoder()

// A stream of these chunks, one for each pull.
const streamOf = (chunks, onCancel) => {
  let left = [...chunks]
  return new ReadableStream(
    {
      pull(controller) {
        if (left.length) controller.enqueue(encoder.encode(left.shift()))
        else controller.close()
      },
      cancel: onCancel
    },
    { highWaterMark: 0 }
  )
}

const now = fn => fn()

// A page that has these texts to put in, one after the other. An empty one: nothing for now.
const pageOf = texts => ({
  isBehind() {
    if (texts[0] === '') texts.shift()
    else return texts.length > 0
  },
  flush: () => texts.shift()
})

// What becomes of the chunks.
const insert = (chunks, texts) =>
  new Response(insertData(streamOf(chunks), pageOf(texts), now)).text()

test('puts the text in front of the first island of a chunk', async () => {
  assert.equal(
    await insert([`a${ISLAND}b${ISLAND}c</astro-island></astro-island>`, `d${ISLAND}`], ['1', '2']),
    `a1${ISLAND}b${ISLAND}c</astro-island></astro-island>d2${ISLAND}`
  )
})

test('puts what comes late behind a chunk, or at the end of the body', async () => {
  assert.equal(await insert(['<body><p>', 'a</p>', 'b'], ['', '1']), '<body><p>a</p>1b')
  assert.equal(await insert(['<body><p>a', 'b', '</p>'], ['1']), '<body><p>ab</p>1')
  for (let closed of [
    '<svg/><svg a="/"><title/></svg>',
    '<!-- a --!>',
    '<!--->',
    '<script></SCRIPT >'
  ]) {
    let start = `<body>${closed}`
    assert.equal(await insert([start, '<p></p>', 'b'], ['', '1']), `${start}<p></p>1b`)
  }
  let page = `<!doctype html><p>é</p></body></html>\n`
  assert.equal(await insert([page], ['1']), `<!doctype html><p>é</p>1</body></html>\n`)
  assert.equal(await insert(['<p></body>', '</html>'], ['1']), '<p>1</body></html>')
  assert.equal(await insert(['fragment'], ['1']), 'fragment1')
  let name = '<body><a-name-of-some-length="x'
  assert.equal(await insert([name, '><p></p>', 'b'], ['1']), `${name}><p></p>1b`)
  assert.equal(await insert([], ['1']), '1')
})

test('puts nothing where it would be lost', async () => {
  for (let inside of [
    'template',
    'noscript',
    'select',
    'svg',
    'textarea',
    'title',
    'script',
    'style',
    'iframe'
  ]) {
    let [start, end] = [`<body><p></p><${inside} a='>'><i>`, `</i></${inside}>`]
    assert.equal(
      await insert([start, `${ISLAND}<i>`, end], ['', '1']),
      `${start}${ISLAND}<i>${end}1`
    )
  }
  for (let chunks of [
    ['<body><!-- a>', `${ISLAND}</body> --`, '>'],
    ["<body><p a='", ISLAND, "'>"],
    [`<body><p a="it's" b=it's c='`, ISLAND, `'>`],
    [`<body><script>'<p></scripts>'`, ISLAND, '</script >']
  ]) {
    assert.equal(await insert([...chunks], ['', '1']), `${chunks.join('')}1`)
  }
  let head = ['<!doctype html><head><meta>', '<template></template><link>']
  assert.equal(await insert([...head, '<body>', '<p>'], ['1']), `${head.join('')}<body>1<p>`)
})

test('puts it in front of an element that has an island', async () => {
  for (let inside of ['template', 'select', 'svg', 'ASTRO-ISLAND']) {
    let html = `<${inside}>${ISLAND}</${inside}>`
    assert.equal(await insert(['<body>', 'a', html], ['', '', '1']), `<body>a1${html}`)
  }
})

test('says whether it is a page', async () => {
  let kindOf = async (...chunks) => {
    let isWhole
    let page = {
      isBehind: () => isWhole === undefined,
      flush(isPage) {
        isWhole = isPage
        return ''
      }
    }
    await new Response(insertData(streamOf(chunks), page, now)).text()
    return isWhole
  }
  assert.equal(await kindOf('<!DOCTYPE html>'), true)
  assert.equal(await kindOf(`<!-- a --><html><body>${ISLAND}`), true)
  assert.equal(await kindOf('<!doc', 'type html>', '<p>'), true)
  assert.equal(await kindOf(`<p>${ISLAND}`), false)
  assert.equal(await kindOf(), false)
})

test('follows much that goes on as it is', async () => {
  let text = 'a'.repeat(50_000)
  let chunks = ['<body><textarea>', text, text, `</textarea>${text}<p>`, '</p>', text]
  let texts = ['', '', '', '', '1']
  assert.equal(
    await insert([...chunks], texts),
    `<body><textarea>${text}${text}</textarea>${text}<p></p>1${text}`
  )
})

test('leaves all else as it is, wherever the chunks are cut', async () => {
  let page = `<!doctype html><body>é<astro-islan a><p>🛰️${ISLAND}x</body></html>`
  let bytes = encoder.encode(page)
  for (let first = 0; first < bytes.length; first++) {
    for (let second of [first + 1, first + 7, bytes.length]) {
      let chunks = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)]
      let stream = new ReadableStream({
        start(controller) {
          for (let chunk of chunks) controller.enqueue(chunk)
          controller.close()
        }
      })
      let result = await new Response(insertData(stream, pageOf(['@']), now)).text()
      assert.equal(result.replace('@', ''), page)
      assert.ok(result.indexOf('@') <= page.indexOf(ISLAND))
    }
  }
})

// Makes a chunk of a letter whenever it is asked, and before some of them waits until goOn() is called.
const letters = (hasPause, length = 1) => {
  let source = { made: 0, reason: undefined, goOn: undefined }
  source.body = new ReadableStream(
    {
      async pull(controller) {
        if (hasPause(source.made)) await new Promise(resolve => (source.goOn = resolve))
        controller.enqueue(encoder.encode('abcdefgh'[source.made++ % 8].repeat(length)))
      },
      cancel(given) {
        source.reason = given
      }
    },
    { highWaterMark: 0 }
  )
  return source
}

const turn = () => new Promise(resolve => setTimeout(resolve, 5))
const textOf = async reader => new TextDecoder().decode((await reader.read()).value)

test('sends what is made in one turn as one chunk, and asks for none before it is wanted', async t => {
  t.mock.method(performance, 'now', () => 0)
  let source = letters(made => made > 2)
  let reader = insertData(source.body, pageOf([]), now).getReader()
  await turn()
  assert.equal(source.made, 0)
  assert.equal(await textOf(reader), 'abc')
  // The next one is asked for already, and kept for who wants it
  source.goOn()
  await turn()
  assert.equal(source.made, 4)
  assert.equal(await textOf(reader), 'd')
  assert.equal(source.made, 4)
})

test('sends what takes long before the turn is over', async t => {
  let time = 0
  t.mock.method(performance, 'now', () => (time += 10))
  let source = letters(() => false)
  let reader = insertData(source.body, pageOf([]), now).getReader()
  assert.equal(await textOf(reader), 'a')
  assert.equal(await textOf(reader), 'b')
  await reader.cancel()
})

test('an empty chunk that takes long is not the end', { timeout: 5000 }, async t => {
  let time = 0
  t.mock.method(performance, 'now', () => (time += 10))
  assert.equal(await insert(['', 'a', '', `${ISLAND}b`, ''], ['1']), `a1${ISLAND}b`)
  assert.equal(await insert(['', ''], []), '')
})

test('sends what is made without a pause in chunks of a moderate size', async t => {
  t.mock.method(performance, 'now', () => 0)
  let source = letters(() => false, 1000)
  let reader = insertData(source.body, pageOf([]), now).getReader()
  for (let i = 0; i < 3; i++) assert.equal((await textOf(reader)).length, 17_000)
  await reader.cancel()
})

test('cancels what it reads, and passes errors on', async () => {
  let source = letters(made => made > 0)
  let reader = insertData(source.body, pageOf([]), now).getReader()
  assert.equal(await textOf(reader), 'a')
  let next = reader.read()
  await reader.cancel('enough')
  assert.equal(source.reason, 'enough')
  assert.equal((await next).done, true)
  source.goOn()
  await turn()

  let failing = new ReadableStream({
    pull() {
      throw new Error('in the render')
    }
  })
  await assert.rejects(new Response(insertData(failing, pageOf([]), now)).text(), /in the render/)
})

test('sends what was made before an error', async () => {
  let isFirst = true
  let body = new ReadableStream(
    {
      pull(controller) {
        if (!isFirst) throw new Error('in the render')
        isFirst = false
        controller.enqueue(encoder.encode('a'))
      }
    },
    { highWaterMark: 0 }
  )
  let reader = insertData(body, pageOf([]), now).getReader()
  assert.equal(await textOf(reader), 'a')
  await assert.rejects(reader.read(), /in the render/)

  let page = {
    isBehind: () => true,
    flush() {
      throw new Error('a value that can not travel')
    }
  }
  let given
  let failing = streamOf([ISLAND, 'b'], reason => {
    given = reason
  })
  await assert.rejects(new Response(insertData(failing, page, now)).text(), /can not travel/)
  assert.match(String(given), /can not travel/)
})

test('a page gives each change once, as one attribute', () => {
  let $text = share('text of a page', atom(''))
  let lagoon = createLagoon()
  lagoon.run(() => {
    let page = openPage(lagoon, { at: 5, build: 'b', key: 'k' })
    assert.equal(page.take(), 0)
    $text.set('\'><script>&lt;"')
    assert.equal(page.take(), 1)
    $text.set('later')
    assert.ok(page.isBehind())
    assert.equal(
      page.flush(true),
      `<lagoon-data hidden of="k 1 5 page b" data='{"text of a page":["&#39;&#62;&#92;u003Cscript&#62;&#38;lt;&#92;""]}'></lagoon-data>` +
        `<lagoon-data hidden of="k 2 5 page b" data='{"text of a page":["later"]}'></lagoon-data>`
    )
    assert.ok(!page.isBehind())
    assert.equal(page.flush(), '')
  })
})

test('a page fails each time as long as a value can not travel', () => {
  let $text = share('function in a page', atom(''))
  let lagoon = createLagoon()
  lagoon.run(() => {
    let page = openPage(lagoon, { at: 5, build: 'b', key: 'k' })
    $text.set('first')
    assert.equal(page.take(), 1)
    $text.set(() => {})
    for (let i = 0; i < 2; i++)
      assert.throws(() => page.take(), /'function in a page' can't be sent/)
    $text.set('last')
    assert.equal(page.take(), 2)
  })
})

test('a page notices a store that is only read', () => {
  let $read = share('read in a page', atom(1))
  let lagoon = createLagoon()
  lagoon.run(() => {
    let page = openPage(lagoon, { at: 5, build: 'b', key: 'k' })
    page.take()
    $read.get()
    assert.equal(page.take(), 1)
    assert.equal(page.take(), 1)
    assert.match(page.flush(), /data='{"read in a page":\[1\]}'/)
  })
})

test('a store that is shared in a page is an error that says what to do', () => {
  let [, { transform }] = vitePlugins({ build: 'b', wasm: true })
  let plugin = {
    parse: parseAst,
    environment: { config: { consumer: 'server' } },
    error(text) {
      throw new Error(text)
    }
  }
  let code = "import { share } from 'lagoon'\nconst page = () => share('cart', store)"
  assert.throws(
    () => transform.call(plugin, code, '/src/pages/index.astro'),
    /share\('cart'\) stands in \/src\/pages\/index\.astro, which browsers can't load/
  )
  transform.call(plugin, code, '/src/pages/index.astro?astro&type=script&index=0&lang.ts')
  transform.call(plugin, code, '/src/stores/cart.js')
})

// What a store has now, and what it would have if these had other values.
const pastOf = ($store, ...past) => pastWith(new Map(past))($store)

test('the past of a computed is derived from the past of its sources', () => {
  let $a = atom(1)
  let $b = atom(10)
  let $sum = computed([$a, $b], (a, b) => a + b)
  let $text = computed(() => `${$sum.get()} and ${$b.get()}`)
  let $list = computed($text, text => [text])
  assert.deepEqual($list.get(), ['11 and 10'])
  assert.deepEqual(pastOf($list, [$a, 2]), ['12 and 10'])
  assert.deepEqual(pastOf($list, [$b, 20]), ['21 and 20'])
  assert.equal(pastOf($a, [$a, 2]), 2)
  assert.deepEqual($list.get(), ['11 and 10'])
})

test('the past of a store that does not depend on what has changed is its value', () => {
  let $a = atom(1)
  let $b = atom(1)
  let $list = computed($a, a => [a])
  let $tracked = computed(() => [$a.get()])
  assert.equal(pastOf($list, [$b, 2]), $list.get())
  assert.equal(pastOf($tracked, [$b, 2]), $tracked.get())
  let $isOdd = computed($a, a => a % 2)
  let $sign = computed(() => [$isOdd.get()])
  assert.equal(pastOf($sign, [$a, 3]), $sign.get())
})

test('the past reads other stores than today', () => {
  let $isOn = atom(true)
  let $on = computed(() => ['on'])
  let $off = computed(() => [`off, ${$level.get()}`])
  let $level = computed(() => ($isOn.get() ? 1 : 0))
  let $state = computed(() => ($isOn.get() ? $on.get() : $off.get())[0])
  assert.equal($state.get(), 'on')
  assert.equal(pastOf($state, [$isOn, false]), 'off, 0')
  assert.equal($level.get(), 1)
  assert.deepEqual($off.get(), ['off, 1'])
  assert.equal($state.get(), 'on')
})

test('nobody notices that the past is asked for', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let $a = atom(1)
  let calls = []
  let $double = computed(() => $a.get() * 2)
  let $sum = computed(() => $double.get() + $a.get())
  let unbind = $sum.subscribe(value => calls.push(value))
  assert.equal(pastOf($sum, [$a, 5]), 15)
  assert.equal($a.value, 1)
  assert.equal($double.value, 2)
  $a.set(2)
  assert.deepEqual(calls, [3, 6])
  unbind()
  for (let i = 0; i < 3; i++) t.mock.timers.tick(1000)
  assert.equal($a.lc + $double.lc + $sum.lc, 0)
  let effects = []
  let stop = effect(() => {
    effects.push(pastOf($sum, [$a, 5]))
  })
  $a.set(3)
  assert.deepEqual(effects, [15])
  stop()
})

test('the past of what is mounted for a moment', () => {
  let $a = atom(1)
  let mounts = 0
  onMount($a, () => {
    mounts++
    $a.set(7)
  })
  let $double = computed(() => $a.get() * 2)
  assert.equal(pastOf($double, [$a, 5]), 10)
  assert.equal($double.get(), 14)
  assert.equal(mounts, 1)
})

test('what the past reads stays as it is today', () => {
  let $a = atom(1)
  let $b = atom('b')
  let calls = []
  let $tax = computed(() => $a.get() * 10)
  let $text = computed(() =>
    $a.get() > 1 ? `${untracked(() => $tax.get())} ${untracked(() => $b.get())}` : 'none'
  )
  assert.equal(pastOf($text, [$a, 2], [$b, 'c']), '20 c')
  assert.equal($tax.get(), 10)
  $tax.subscribe(value => calls.push(value))

  let $ten = computed($a, a => a * 10)
  let $sum = computed($a, a => a + $ten.get())
  let $sometimes = computed(() => ($b.get() === 'b' ? 'none' : $sum.get()))
  $sometimes.subscribe(value => calls.push(value))
  assert.equal(pastOf($sometimes, [$a, 2], [$b, 'c']), 22)
  assert.deepEqual([$ten.get(), $sum.get()], [10, 11])

  let ends = 0
  let $maker = computed(() => {
    effect(() => {
      $a.get()
      return () => {
        ends++
      }
    })
    return $a.get()
  })
  assert.equal(pastOf($maker, [$a, 2]), 2)
  assert.ok(ends > 0)
  $a.set(3)
  assert.deepEqual(calls, [10, 'none', 30])
})

test('what fails only in the past, and what fails only today', () => {
  let $isOn = atom(true)
  let fail = () => {
    throw new Error('failed')
  }
  let $failed = computed(() => ($isOn.get() ? 1 : fail()))
  let $fails = computed($isOn, isOn => (isOn ? fail() : 1))
  let $safe = computed(() => {
    try {
      return $failed.get()
    } catch {
      return 'none'
    }
  })
  let $other = computed(() => ($isOn.get() ? 'on' : $fails.get()))
  assert.deepEqual([$safe.get(), $other.get()], [1, 'on'])
  assert.equal(pastOf($safe, [$isOn, false]), 'none')
  assert.equal(pastOf($other, [$isOn, false]), 1)
  assert.deepEqual([$safe.get(), $other.get()], [1, 'on'])
})

test('many stores have a past', () => {
  let atoms = Array.from({ length: 3000 }, (_, i) => atom(i))
  let $sum = computed(() => atoms.reduce((sum, $atom) => sum + $atom.get(), 0))
  let runs = 0
  let $dear = computed($sum, sum => {
    runs++
    return sum
  })
  let past = pastWith(new Map([[atoms[0], 7]]))
  for (let i = 0; i < 100; i++) {
    assert.equal(past(computed($dear, sum => sum + i)), 4498507 + i)
  }
  assert.equal(runs, 2)
})

test('a past that fails leaves all as it was', () => {
  let $a = atom(1)
  let $b = computed(() => {
    if ($a.get() > 1) throw new Error('too much')
    return $a.get()
  })
  let $c = computed(() => $b.get() + 1)
  assert.throws(() => pastOf($c, [$a, 2]), /too much/)
  assert.equal($a.get(), 1)
  assert.equal($c.get(), 2)
  $a.set(0)
  assert.equal($c.get(), 1)
})
