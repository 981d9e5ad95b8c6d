// Gives each request a lagoon of its own, and the page what was written in it.
import { build, builtAt } from 'virtual:lagoon/build'
import { createLagoon } from '../server.js'
import { currentPage, openPage } from './page.js'
import { insertData, readInside } from './stream.js'

const isReadable = ({ body, headers }) =>
  body &&
  headers.get('content-type')?.startsWith('text/html') &&
  (headers.get('content-encoding') ?? 'identity') === 'identity'

export const onRequest = ({ isPrerendered }, next) => {
  // Astro.rewrite() runs the middleware again
  if (currentPage()) return next()
  let lagoon = createLagoon()
  return lagoon.run(async () => {
    // A page that was made in advance knows no more than the build did
    let at = isPrerendered ? builtAt : Date.now()
    let key = isPrerendered ? at.toString(36) : crypto.randomUUID()
    let page = openPage(lagoon, { at, build, key })
    let response = await next()
    if (!response.body) return response
    if (!isReadable(response)) {
      // What makes the rest of it belongs to the request, too
      let { status, statusText, headers } = response
      return new Response(readInside(response.body, lagoon.run), { status, statusText, headers })
    }
    // Here an error still becomes an answer
    page.take()
    let whole = new Response(insertData(response.body, page, lagoon.run), response)
    // It was the page's without this
    whole.headers.delete('etag')
    whole.headers.delete('content-length')
    return whole
  })
}
