// Puts the data into a page while the page streams.
import { followHtml, join } from './html.js'

const encoder = new TextEncoder()

/** Returns the same stream, whose chunks are made by calls through `run`. */
export const readInside = (body, run) => {
  let reader = body.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        let { done, value } = await run(() => reader.read())
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: reason => run(() => reader.cancel(reason))
    },
    { highWaterMark: 0 }
  )
}

// What a new connection may send before it has to wait for an answer is a little less.
const MUCH = 2 ** 14
// In milliseconds: a turn of the event loop may take long.
const LONG = 5
const soon = globalThis.setImmediate ?? setTimeout

/**
 * Returns a stream of the same bytes, into which what `page.flush()` gives is put as soon as there is
 * something and a place for it, but always in front of an island. `run` calls what makes the chunks.
 *
 * Astro makes a chunk for each component, and a chunk costs a server more to send than to lengthen: those that
 * are made in the same turn of the event loop are sent as one.
 */
export const insertData = (body, page, run) => {
  let reader = body.getReader()
  let html = followHtml()
  // What is not sent yet
  let chunks = []
  let size = 0
  let since
  let isReading = false
  let isDone = false
  let failure
  // While somebody waits for a chunk
  let send

  let add = chunk => {
    chunks.push(chunk)
    size += chunk.length
  }

  let take = chunk => {
    if (!page.isBehind()) {
      html.follow(chunk)
      return add(chunk)
    }
    let place = html.find(chunk)
    // What is behind the body is put into it
    if (isDone) place = Math.max(place, 0)
    if (place < 0) return add(chunk)
    add(chunk.subarray(0, place))
    add(encoder.encode(page.flush(html.isPage())))
    add(chunk.subarray(place))
  }

  // A chunk may have come when nobody waited for it
  let sendSoon = () => soon(() => size && send?.())

  let read = async () => {
    isReading = true
    try {
      while (send && !isDone) {
        let { done, value = '' } = await reader.read()
        isDone = done
        if (!size) {
          since = performance.now()
          sendSoon()
        }
        take(typeof value === 'string' ? encoder.encode(value) : value)
        // Who waits is not asked again for a chunk of nothing
        let isMuch = size >= MUCH || (size > 0 && performance.now() - since > LONG)
        if (isDone || isMuch) send?.()
      }
    } catch (error) {
      isDone = true
      failure = { error }
      // Nobody wants the rest of the page. It may be the stream itself that has failed
      reader.cancel(error).catch(() => {})
      send?.()
    }
    isReading = false
  }

  return new ReadableStream(
    {
      pull: controller =>
        new Promise((resolve, reject) => {
          send = () => {
            send = undefined
            if (size) controller.enqueue(join(chunks))
            // In the next turn to fail, for it loses what is not read yet
            else if (failure) reject(failure.error)
            if (isDone && !failure) controller.close()
            chunks = []
            size = 0
            resolve()
          }
          if (isDone) send()
          else if (size) sendSoon()
          if (!isReading && !isDone) run(read)
        }),
      cancel(reason) {
        send = undefined
        return run(() => reader.cancel(reason))
      }
    },
    { highWaterMark: 0 }
  )
}
