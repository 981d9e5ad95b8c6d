// Follows the HTML of a page while it streams, as the parser of a browser does, to tell where an element can
// be put in: where it becomes an element of the document, and breaks nothing. It reads bytes, and no more of
// them than are in front of such a place, which no parser does that is to be had; and a package without
// dependencies would have to bring that along.

const [LESS, GREATER, SLASH, BANG, QUESTION, DASH, EQUALS, SPACE, SINGLE, DOUBLE, A, D, Z] =
  encode('<>/!?-= \'"adz')

// What is in these is text.
const RAW = words('script style textarea title noscript iframe xmp noembed noframes')
const FOREIGN = words('svg math')
// What is put into these is lost, or is not what a framework expects to find.
const CLOSED = new Set([...words('astro-island template select colgroup'), ...FOREIGN])
const LONGEST = 'astro-island'.length

function words(text) {
  return new Set(text.split(' '))
}

function encode(text) {
  return new TextEncoder().encode(text)
}

// Whatever the case of the name.
const hash = (bytes, from, to) => {
  let sum = 0
  for (let i = from; i < to; i++) sum = (sum * 31 + (bytes[i] | 32)) | 0
  return sum
}

// Of the elements that matter.
const names = new Map(
  [...RAW, ...CLOSED, 'html', 'head', 'body'].map(name => [
    hash(encode(name), 0, name.length),
    name
  ])
)

// Reads at once what it has put off, when that is more.
const MUCH = 2 ** 16

const isLetter = byte => (byte | 32) >= A && (byte | 32) <= Z

const isEndOfName = byte => byte <= SPACE || byte === SLASH || byte === GREATER

// Where the name ends that begins here. -1: it is cut off, and may be one that matters.
const endOfName = (bytes, from) => {
  for (let i = from; i < bytes.length; i++) {
    if (isEndOfName(bytes[i]) || i > from + LONGEST) return i
  }
  return -1
}

// Passes text, and the tags of elements that don't matter, as far as they are whole: nearly all of a page. So
// this keeps no state that another function could change.
const passOver = (bytes, from) => {
  let { length } = bytes
  let i = from
  while (true) {
    while (i < length && bytes[i] !== LESS) i++
    let start = i++
    if (i < length && bytes[i] === SLASH) i++
    if (i >= length || !isLetter(bytes[i])) return start
    let sum = 0
    let byte
    for (; i < length; i++) {
      byte = bytes[i]
      if (isEndOfName(byte)) break
      sum = (sum * 31 + (byte | 32)) | 0
    }
    if (names.has(sum)) return start
    let quote = 0
    let isValue = false
    for (; i < length; i++) {
      byte = bytes[i]
      if (quote) {
        if (byte === quote) quote = 0
      } else if (byte === GREATER) {
        break
      } else if (byte === EQUALS) {
        isValue = true
      } else if (byte > SPACE) {
        if (isValue && (byte === DOUBLE || byte === SINGLE)) quote = byte
        isValue = false
      }
    }
    if (i >= length) return start
    i++
  }
}

export const join = chunks => {
  if (chunks.length === 1) return chunks[0]
  let all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let length = 0
  for (let chunk of chunks) {
    all.set(chunk, length)
    length += chunk.length
  }
  return all
}

export const followHtml = () => {
  // What is given and not yet read
  let unread = []
  let size = 0
  // Undefined until the first tag
  let isPage
  let isInBody = false
  // The outermost closed element, how many of its kind are open, and how many foreign ones
  let closed
  let depth = 0
  let foreign = 0
  // The element whose text is read
  let raw
  // The tag that is read
  let name
  let isEnd
  let isPlace
  let isValue
  let quote
  let last
  // At the end of a comment
  let dashes

  // Reads the next bytes: takes them from an index on and returns where it stopped, or -1 if it can't go
  // on without those that follow.
  let read

  let isOpen = () => !closed && (isInBody || isPage === false)

  let readText = (bytes, from) => {
    let i = from
    // The first tag says whether it is a page
    if (isPage === undefined) while (i < bytes.length && bytes[i] !== LESS) i++
    else i = passOver(bytes, i)
    if (i < bytes.length) read = readMarkup
    return i
  }

  let readMarkup = (bytes, i) => {
    if (bytes.length < i + 4) return -1
    let mark = bytes[i + 1]
    let from = mark === SLASH ? i + 2 : i + 1
    if (isLetter(bytes[from])) return readName(bytes, i, from)
    read = readText
    if (mark === BANG && bytes[i + 2] === DASH && bytes[i + 3] === DASH) {
      // As in <!-->
      dashes = 2
      read = readComment
      return i + 4
    }
    if (mark === BANG || mark === SLASH || mark === QUESTION) read = readDeclaration
    if (mark === BANG && (bytes[i + 2] | 32) === D) isPage = true
    return from
  }

  let readName = (bytes, at, from) => {
    let to = endOfName(bytes, from)
    if (to < 0) return -1
    name = names.get(hash(bytes, from, to))
    isEnd = from > at + 1
    isPage ??= name === 'html' || name === 'head' || name === 'body'
    if (isEnd) isPlace = name === 'body'
    // An island can't do without
    else if (name === 'astro-island') isPlace = !closed
    else if (CLOSED.has(name)) isPlace = isOpen()
    isValue = false
    quote = last = 0
    read = readRestOfName
    return to
  }

  // Of one that is too long to matter. Nothing in it is an attribute
  let readRestOfName = (bytes, i) => {
    while (i < bytes.length && !isEndOfName(bytes[i])) i++
    if (i < bytes.length) read = readAttributes
    return i
  }

  let readAttributes = (bytes, i) => {
    for (; i < bytes.length; i++) {
      if (quote) {
        i = bytes.indexOf(quote, i)
        if (i < 0) return bytes.length
        last = quote
        quote = 0
        continue
      }
      let byte = bytes[i]
      if (byte === GREATER) {
        read = readText
        if (name) endTag()
        return i + 1
      }
      if (byte === EQUALS) {
        isValue = true
      } else if (byte > SPACE) {
        if (isValue && (byte === DOUBLE || byte === SINGLE)) quote = byte
        isValue = false
      }
      last = byte
    }
    return i
  }

  let endTag = () => {
    if (last === SLASH && (foreign || FOREIGN.has(name))) return
    let step = isEnd ? -1 : 1
    if (FOREIGN.has(name)) foreign = Math.max(0, foreign + step)
    if (RAW.has(name) && !isEnd) {
      raw = name
      read = readRaw
    } else if (name === 'body') {
      isInBody = !isEnd
    } else if (name === closed) {
      depth += step
      if (!depth) closed = undefined
    } else if (!closed && CLOSED.has(name) && !isEnd) {
      closed = name
      depth = 1
    }
  }

  let readRaw = (bytes, i) => {
    let at = bytes.indexOf(LESS, i)
    if (at !== i) return at < 0 ? bytes.length : at
    if (bytes.length < i + 2) return -1
    if (bytes[i + 1] !== SLASH) return i + 1
    let to = endOfName(bytes, i + 2)
    if (to >= 0 && names.get(hash(bytes, i + 2, to)) === raw) read = readMarkup
    return read === readMarkup ? i : to
  }

  let readComment = (bytes, i) => {
    let byte = bytes[i]
    if (byte === GREATER && (dashes > 1 || dashes < 0)) read = readText
    if (byte === DASH) dashes = Math.max(0, dashes) + 1
    // As in --!>
    else dashes = byte === BANG && dashes > 1 ? -1 : 0
    return i + 1
  }

  let readDeclaration = (bytes, i) => {
    let at = bytes.indexOf(GREATER, i)
    if (at < 0) return bytes.length
    read = readText
    return at + 1
  }

  read = readText

  // Returns the first place in front of a tag from an index on; behind it nothing is read.
  let readOn = (bytes, from) => {
    let i = 0
    isPlace = false
    let place = -1
    while (i < bytes.length && place < 0) {
      let next = read(bytes, i)
      if (next < 0) break
      if (isPlace && i >= from) place = i
      isPlace = false
      i = next
    }
    unread = i < bytes.length ? [bytes.subarray(i)] : []
    size = bytes.length - i
    return place
  }

  return {
    /** Whether it is a page, and not a part of one, as far as it is read. */
    isPage: () => isPage === true,

    /** Follows a chunk that goes on as it is. It is read when that has to be known. */
    follow(chunk) {
      unread.push(chunk)
      size += chunk.length
      if (size > MUCH) readOn(join(unread), Infinity)
    },

    /**
     * Returns where in a chunk something can be put in: in front of the first island, or of the end of
     * the body, or else at the end of the chunk. -1: nowhere.
     */
    find(chunk) {
      let bytes = join([...unread, chunk])
      let from = bytes.length - chunk.length
      let place = readOn(bytes, from)
      if (place >= 0) return place - from
      // In front of a tag, or behind it: text may be cut off within a character
      let end = bytes.length - size
      let isText = size ? read === readMarkup : read === readText && bytes[end - 1] === GREATER
      return isText && isOpen() && end >= from ? end - from : -1
    }
  }
}
