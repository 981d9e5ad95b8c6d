// Notes on each island which parts of the page's data its HTML was made with, so that the browser knows
// whether it may hydrate that HTML: a store that is written late may be ahead of it.
import { currentPage } from './page.js'

/** Takes the server's side of a renderer of Astro. */
export const noteParts = ssr => ({
  ...ssr,
  async renderToStaticMarkup(Component, props, children, metadata) {
    let page = metadata?.hydrate && currentPage()
    let first = page?.take()
    let rendered = await ssr.renderToStaticMarkup.call(this, Component, props, children, metadata)
    let last = page?.take()
    if (!last) return rendered
    let attrs = { ...rendered.attrs, 'data-lagoon-at': `${page.key} ${first} ${last}` }
    return { ...rendered, attrs }
  }
})
