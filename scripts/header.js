// Reads a C header that is written as include/lagoon.h is: groups that begin with a comment
// `/* ==== name: title ====`, and declarations, each with its comment directly above. Not for
// other headers.
import { readFileSync } from 'node:fs'

// The lines of a comment without what makes it a comment.
const linesOf = comment =>
  comment
    .replace(/^\/\* ?|\s*\*\/$/g, '')
    .split('\n')
    .map((line, index) => (index ? line.replace(/^\s*\*{1,2}( |$)?/, '') : line))

// A comment as what it consists of: { text: 'a paragraph in one line' }, { code: 'an example' }
export const partsOf = lines => {
  let parts = []
  let last
  for (let line of lines) {
    if (/^ {4}/.test(line)) {
      if (!last?.code) parts.push((last = { code: [] }))
      last.code.push(line.slice(4))
    } else if (!line.trim()) {
      if (last?.code) last.code.push('')
      else last = undefined
    } else {
      if (!last?.text) parts.push((last = { text: [] }))
      last.text.push(line.trim())
    }
  }
  return parts.map(({ text, code }) =>
    text ? { text: text.join(' ') } : { code: code.join('\n').trimEnd() }
  )
}

const oneLine = text => text.replace(/\s+/g, ' ').trim()

// What a struct or an enum has, each with its comment: [{ code, text }]; undefined where a field
// has parts of its own.
const fieldsOf = (body, separator) => {
  if (body.includes('{')) return undefined
  let fields = []
  let above = ''
  let pattern = new RegExp(`/\\*[^]*?\\*/|[^${separator}/]+${separator}?`, 'g')
  for (let { 0: piece, index } of body.matchAll(pattern)) {
    if (!piece.trim()) continue
    if (!piece.startsWith('/*')) {
      fields.push({ code: oneLine(piece).replace(/,$/, ''), text: above })
      above = ''
    } else {
      let text = partsOf(linesOf(piece))
        .map(part => part.text)
        .join(' ')
      let begin = body.lastIndexOf('\n', index)
      if (body.slice(begin, index).trim()) fields.at(-1).text = text
      else above = text
    }
  }
  return fields
}

// { kind, name, code } of a declaration; the code of a function is its prototype.
const declarationOf = text => {
  let define = /^#define (\w+)/.exec(text)
  if (define) return { kind: 'macro', name: define[1], code: oneLine(text) }
  let bare = text.replace(/\/\*[^]*?\*\//g, '')
  let body = /^typedef (struct|enum) (\w+) \{([^]*)\} (\w+);$/.exec(text)
  if (body) {
    let fields = fieldsOf(body[3], body[1] === 'enum' ? ',' : ';')
    return { kind: body[1], name: body[4], code: text, fields }
  }
  let callback = /^typedef .*?\(\*(\w+)\)\(/.exec(bare)
  if (callback) return { kind: 'callback', name: callback[1], code: oneLine(bare) }
  let opaque = /^typedef struct \w+ (\w+);$/.exec(bare)
  if (opaque) return { kind: 'type', name: opaque[1], code: bare }
  let inline = bare.startsWith('static inline ')
  let prototype = oneLine(inline ? bare.replace(/^static inline |\s*\{[^]*$/g, '') : bare)
  let name = /(\w+)\(/.exec(prototype)?.[1]
  if (!name) throw new Error(`not understood: ${text}`)
  return { kind: 'function', name, code: prototype.replace(/;?$/, ';'), inline }
}

const BLANK = /^\s*(?:\n|$)/
const COMMENT = /^\/\*[^]*?\*\/[ ]*\n/
const DIRECTIVE = /^#.*(?:\\\n.*)*\n/

// The first declaration that `text` begins with: up to a semicolon or a body's end, outside of
// brackets and comments.
const cutDeclaration = text => {
  let depth = 0
  for (let { 0: token, index } of text.matchAll(/\/\*[^]*?\*\/|[{}();]/g)) {
    if (token === '{' || token === '(') depth++
    if (token === '}' || token === ')') depth--
    let isBody = token === '}' && !text.startsWith('typedef')
    if (!depth && (token === ';' || isBody)) return text.slice(0, index + 1)
  }
  throw new Error(`without an end: ${text.slice(0, 60)}`)
}

// The header as a list of groups, the first of which is what stands before all others:
//   { name, title, parts, entries: [{ parts, declarations }] }
// An entry is a comment with the declarations below it up to the next blank line.
export const readHeader = file => {
  let text = readFileSync(file, 'utf8')
  let first = /^\/\*[^]*?\*\//.exec(text)[0]
  let group = { name: '', title: '', parts: partsOf(linesOf(first)), entries: [] }
  let groups = [group]
  let entry
  let comment
  text = text.slice(first.length).replace(/#ifdef __cplusplus\n[^]*?#endif\n/g, '')
  while (text.trim()) {
    let taken
    if ((taken = BLANK.exec(text)?.[0])) {
      entry = comment = undefined
    } else if ((taken = COMMENT.exec(text)?.[0])) {
      let lines = linesOf(taken.trim())
      let [, name, title] = /^==== (\w+): (.*?) =+$/.exec(lines[0]) ?? []
      if (name) {
        groups.push((group = { name, title, parts: partsOf(lines.slice(1)), entries: [] }))
        entry = comment = undefined
      } else {
        comment = partsOf(lines)
        entry = undefined
      }
    } else if (text.startsWith('#') && !/^#define \w+ ./.test(text)) {
      taken = DIRECTIVE.exec(text)[0]
    } else {
      taken = text.startsWith('#') ? DIRECTIVE.exec(text)[0] : cutDeclaration(text)
      if (!entry) group.entries.push((entry = { parts: comment ?? [], declarations: [] }))
      entry.declarations.push(declarationOf(taken.trim()))
      comment = undefined
      text = text.slice(taken.length).replace(/^[ ]*\n/, '')
      taken = ''
    }
    text = text.slice(taken.length)
  }
  return groups
}

export const functionsOf = groups =>
  groups.flatMap(group =>
    group.entries.flatMap(entry =>
      entry.declarations
        .filter(({ kind }) => kind === 'function')
        .map(declaration => ({ ...declaration, isDocumented: entry.parts.length > 0 }))
    )
  )
