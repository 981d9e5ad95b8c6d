import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from './astro/page.js'
import { insertBeforeIslands } from './astro/stream.js'
import { atom, share } from './index.js'
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

// What becomes of the chunks when each flush gives the next of these texts.
const insert = async (chunks, texts) => {
  let flush = () => texts.shift() ?? ''
  return new Response(insertBeforeIslands(streamOf(chunks), flush, now)).text()
}

test('puts the text in front of the first island of a chunk', async () => {
  assert.equal(
    await insert([`a${ISLAND}b${ISLAND}c`, `d${ISLAND}`], ['1', '2']),
    `a1${ISLAND}b${ISLAND}cd2${ISLAND}`
  )
})

test('puts what comes late at the end of the body', async () => {
  let page = `<p>é</p></body></html>\n`
  assert.equal(await insert([page], ['1']), `<p>é</p>1</body></html>\n`)
  assert.equal(await insert(['<p></body>', '</html>'], ['1']), '<p>1</body></html>')
  assert.equal(await insert(['fragment'], ['1']), 'fragment1')
  assert.equal(await insert([], ['1']), '1')
})

test('leaves all else as it is, wherever the chunks are cut', async () => {
  let page = `<!doctype html><body>é<astro-island uid<astro-islan<p>🛰️${ISLAND}x</body></html>`
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
      let texts = ['1', '2']
      let result = insertBeforeIslands(stream, () => texts.shift() ?? '', now)
      let expected = page.replace(ISLAND, `1${ISLAND}`).replace('</body>', '2</body>')
      assert.equal(await new Response(result).text(), expected)
    }
  }
})

test('passes a chunk on at once, and asks for none before it is wanted', async () => {
  let pulls = 0
  let body = new ReadableStream(
    {
      pull(controller) {
        controller.enqueue(encoder.encode(`chunk ${++pulls}`))
      }
    },
    { highWaterMark: 0 }
  )
  let reader = insertBeforeIslands(body, () => '', now).getReader()
  await new Promise(resolve => setTimeout(resolve))
  assert.equal(pulls, 0)
  let { value } = await reader.read()
  assert.equal(new TextDecoder().decode(value), 'chunk 1')
  assert.equal(pulls, 1)
})

test('cancels what it reads, and passes errors on', async () => {
  let reason
  let body = streamOf(['a', 'b'], given => {
    reason = given
  })
  let reader = insertBeforeIslands(body, () => '', now).getReader()
  await reader.read()
  await reader.cancel('enough')
  assert.equal(reason, 'enough')

  let failing = new ReadableStream({
    pull() {
      throw new Error('in the render')
    }
  })
  await assert.rejects(
    new Response(insertBeforeIslands(failing, () => '', now)).text(),
    /in the render/
  )
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
    assert.equal(
      page.flush(),
      `<lagoon-data hidden of="k 1 5 b" data='{"text of a page":["&#39;&#62;&#92;u003Cscript&#62;&#38;lt;&#92;""]}'></lagoon-data>` +
        `<lagoon-data hidden of="k 2 5 b" data='{"text of a page":["later"]}'></lagoon-data>`
    )
    assert.equal(page.flush(), '')
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
