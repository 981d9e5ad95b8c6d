// Puts something in front of the islands of a page while the page streams. Nothing is decoded: the
// bytes are searched for what Astro writes at the start of each island.

const encoder = new TextEncoder()
const LESS = 60
const ISLAND = encoder.encode('<astro-island uid="')
const BODY_END = encoder.encode('</body>')
// How much may come after </body> at the end of a page.
const TAIL = 64

const startsWith = (bytes, pattern, at) => {
  for (let i = 1; i < pattern.length && at + i < bytes.length; i++) {
    if (bytes[at + i] !== pattern[i]) return false
  }
  return true
}

// Where the pattern begins; it may be cut off by the end of the bytes.
const find = (bytes, pattern, from = 0) => {
  if (globalThis.Buffer) {
    // All at once, but for its last bytes
    let at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(pattern, from)
    if (at >= 0) return at
    from = Math.max(from, bytes.length - pattern.length + 1)
  }
  let at = bytes.indexOf(LESS, from)
  while (at >= 0 && !startsWith(bytes, pattern, at)) at = bytes.indexOf(LESS, at + 1)
  return at < 0 ? bytes.length : at
}

const concat = (a, b) => {
  let both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

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
 * Returns a stream of the same bytes, into which the text that `flush` gives is put: in front of the
 * first island of a chunk, and at the end of the page. `run` calls what makes the next chunk.
 */
export const insertBeforeIslands = (body, flush, run) => {
  let reader = body.getReader()
  // What may be the start of an island, or is the end of the page
  let held = new Uint8Array()

  let insert = (controller, bytes, at) => {
    let text = flush()
    if (at && text) controller.enqueue(bytes.subarray(0, at))
    if (text) controller.enqueue(encoder.encode(text))
    return text ? bytes.subarray(at) : bytes
  }

  // Whether there was something to pass on.
  let pass = (controller, chunk) => {
    let bytes = held.length ? concat(held, chunk) : chunk
    let at = find(bytes, ISLAND)
    let isIsland = at + ISLAND.length <= bytes.length
    let rest = isIsland ? insert(controller, bytes, at) : bytes
    let end = find(rest, ISLAND, Math.max(0, rest.length - ISLAND.length + 1))
    end = Math.min(end, find(rest, BODY_END, Math.max(0, rest.length - TAIL)))
    held = rest.slice(end)
    if (end) controller.enqueue(rest.subarray(0, end))
    return end > 0
  }

  return new ReadableStream(
    {
      async pull(controller) {
        let isPassed = false
        while (!isPassed) {
          let { done, value } = await run(() => reader.read())
          if (done) {
            let rest = insert(controller, held, 0)
            if (rest.length) controller.enqueue(rest)
            controller.close()
            return
          }
          isPassed = pass(controller, typeof value === 'string' ? encoder.encode(value) : value)
        }
      },
      cancel: reason => run(() => reader.cancel(reason))
    },
    { highWaterMark: 0 }
  )
}
