// What a page sends along of its lagoon, part by part, and which parts an island has seen.

// By lagoon, as the AsyncLocalStorage has it.
const pages = new WeakMap()

const current = () => globalThis.nanostoresGlobal.lagoons?.getStore()

// Those that end an attribute, and those that do something in a script's template literal
const escape = text => text.replace(/[&'<>$`\\]/g, character => `&#${character.charCodeAt()};`)

/** The page that is being made, if there is one. */
export const currentPage = () => pages.get(current())

/**
 * To be called in `lagoon.run()`. The data stands in an attribute, and not in a script: no
 * Content-Security-Policy asks about it, and the parser has all of it when it sees the element. What
 * cleans HTML that users wrote lets no such element through.
 */
export const openPage = (lagoon, { at, build, key }) => {
  let own = Object.assign(current(), { key })
  let parts = []
  let sent = 0
  let writes
  let size

  // Looks at all stores. There is no need to as long as this request writes nothing, and reads nothing new
  let look = () => {
    // What fails is to fail again
    let before = own.writes
    let part = lagoon.changes()
    if (part) parts.push(part)
    writes = before
    size = own.used.size
  }

  let page = {
    key,

    /** Takes what has changed, and returns how many parts there are. Throws if a value can't travel. */
    take() {
      if (writes !== own.writes || size !== own.used.size) look()
      return parts.length
    },

    /** Whether there are parts that are not in the page yet. */
    isBehind: () => page.take() > sent,

    /** Returns them as HTML. What is no page, but a part of one, says so. */
    flush(isPage) {
      page.take()
      let html = ''
      let kind = isPage ? 'page' : 'part'
      while (sent < parts.length) {
        let data = escape(parts[sent])
        parts[sent++] = undefined
        html += `<lagoon-data hidden of="${key} ${sent} ${at} ${kind} ${build}" data='${data}'></lagoon-data>`
      }
      return html
    }
  }
  pages.set(current(), page)
  return page
}
