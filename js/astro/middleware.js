// Gives each request a lagoon of its own, and the page what was written in it.
import { build, builtAt } from 'virtual:lagoon/build'
import { createLagoon } from '../server.js'
import { openPage } from './page.js'
import { insertBeforeIslands } from './stream.js'

let requests = 0

const isReadable = ({ body, headers }) =>
  body &&
  headers.get('content-type')?.startsWith('text/html') &&
  (headers.get('content-encoding') ?? 'identity') === 'identity'

export const onRequest = ({ isPrerendered }, next) => {
  let lagoon = createLagoon()
  return lagoon.run(async () => {
    // A page that was made in advance knows no more than the build did
    let at = isPrerendered ? builtAt : Date.now()
    let key = `${at.toString(36)}-${(++requests).toString(36)}`
    let page = openPage(lagoon, { at, build, key })
    let response = await next()
    if (!isReadable(response)) return response
    // Here an error still becomes an answer
    page.take()
    let headers = new Headers(response.headers)
    headers.delete('content-length')
    let body = insertBeforeIslands(response.body, page.flush, lagoon.run)
    return new Response(body, { status: response.status, statusText: response.statusText, headers })
  })
}
