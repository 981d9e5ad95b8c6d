// Puts the data into a page while the page streams.
import { followHtml } from './html.js'

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

/**
 * Returns a stream of the same bytes, into which what `page.flush()` gives is put as soon as there is
 * something and a place for it, but always in front of an island. `run` calls what makes the next chunk.
 */
export const insertData = (body, page, run) => {
  let reader = body.getReader()
  let html = followHtml()

  let write = (controller, chunk, place) => {
    if (place) controller.enqueue(chunk.subarray(0, place))
    controller.enqueue(encoder.encode(page.flush(html.isPage())))
    controller.enqueue(chunk.subarray(place))
  }

  return new ReadableStream(
    {
      async pull(controller) {
        let { done, value = '' } = await run(() => reader.read())
        let chunk = typeof value === 'string' ? encoder.encode(value) : value
        if (page.isBehind()) {
          let place = html.find(chunk)
          // What is behind the body is put into it
          if (place >= 0 || done) write(controller, chunk, Math.max(place, 0))
          else controller.enqueue(chunk)
        } else {
          html.skip(chunk)
          controller.enqueue(chunk)
        }
        if (done) controller.close()
      },
      cancel: reason => run(() => reader.cancel(reason))
    },
    { highWaterMark: 0 }
  )
}
