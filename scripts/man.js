// Writes the manual pages of the C library from the comments of include/lagoon.h: an overview, a
// page for each group, and for each function and type a page that leads to the one of its group.
// node scripts/man.js FOLDER
import { fileURLToPath } from 'node:url'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { functionsOf, readHeader } from './header.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}js/package.json`, 'utf8'))
const seconds = process.env.SOURCE_DATE_EPOCH ?? statSync(`${root}include/lagoon.h`).mtimeMs / 1000
const date = new Date(seconds * 1000).toISOString().slice(0, 10)
const groups = readHeader(`${root}include/lagoon.h`)

const bare = functionsOf(groups).filter(({ isDocumented }) => !isDocumented)
if (bare.length) {
  throw new Error(`without a comment in lagoon.h: ${bare.map(({ name }) => name).join(', ')}`)
}

const [overview, ...topics] = groups
const namesOf = group =>
  group.entries.flatMap(entry => entry.declarations.map(declaration => declaration.name))
const pageOf = new Map(
  groups.flatMap(group => namesOf(group).map(name => [name, group.name || 'lagoon']))
)
for (let { name } of topics) pageOf.set(name, name)

// ---- roff ---------------------------------------------------------------------------------------

const guard = line => (/^[.']/.test(line) ? `\\&${line}` : line)

const code = text => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq')

// A paragraph: each sentence on its line, names in bold, what is `quoted` in italics.
const prose = text =>
  text
    .replaceAll('\\', '\\e')
    .replace(/(^|[\s(])-(?=\w)/g, '$1\\-')
    .replace(/`([^`]+)`/g, '\\fI$1\\fR')
    .replace(/\b(?:lg|LG)_\w+(?:\(\))?/g, '\\fB$&\\fR')
    .replace(/([.:?!]) (?=[A-Z"\\])/g, '$1\n')
    .split('\n')
    .map(guard)
    .join('\n')

const verbatim = text => ['.EX', ...code(text).split('\n').map(guard), '.EE']
const example = text => ['.RS 4', ...verbatim(text), '.RE']

// A declaration in bold with its parameters in italics, in lines that fit below each other.
const prototype = (text, width = 70) => {
  let lines = ['']
  let open = text.indexOf(text.startsWith('typedef') ? ')(' : '(') + 1
  let indent = ' '.repeat(Math.min(text.indexOf('(', open - 1) + 1, 36))
  for (let piece of text.split(/(?<=, )/)) {
    if ((lines.at(-1) + piece).trimEnd().length > width) lines.push(indent)
    lines[lines.length - 1] += piece
  }
  return lines
    .map(line => `\\fB${code(line.trimEnd()).replace(PARAMETER, '\\fI$&\\fB')}\\fR`)
    .map(line => line.replace(/^\\fB( +)/, '$1\\fB'))
}
const PARAMETER = /(?<=[ *])\w+(?=[,)[])/g

// A function as it is called: its name and those of its parameters.
const call = (name, text) => {
  let depth = 0
  let parameters = ['']
  for (let letter of text.slice(text.indexOf(`${name}(`) + name.length + 1, -2)) {
    if (letter === '(') depth++
    if (letter === ')') depth--
    if (letter === ',' && !depth) parameters.push('')
    else parameters[parameters.length - 1] += letter
  }
  let names = parameters
    .map(parameter => (/\(\*(\w+)\)/.exec(parameter) ?? /(\w+)$/.exec(parameter))[1])
    .filter(parameter => parameter !== 'void')
  return `\\fB${name}\\fR(${names.map(word => `\\fI${word}\\fR`).join(', ')})`
}

const linesOf = ({ kind, name, code: text }) => {
  if (kind === 'function') return [call(name, text)]
  if (kind === 'callback') return prototype(text)
  if (kind === 'macro') return [`\\fB${code(text.slice('#define '.length))}\\fR`]
  return [`\\fB${kind === 'type' ? 'struct' : kind} ${name}\\fR`]
}

// Lines that stand above an indented text.
const tags = lines => lines.flatMap((line, index) => [index ? '.TQ' : '.TP', line])

// ---- pages --------------------------------------------------------------------------------------

const body = parts =>
  parts.flatMap((part, index) => [
    ...(index ? ['.IP'] : []),
    ...(part.text ? [prose(part.text)] : verbatim(part.code))
  ])

// The fields of a struct, or the constants of an enum.
const fields = ({ fields, code: text, kind }) => {
  if (kind !== 'struct' && kind !== 'enum') return []
  if (!fields) return ['.IP', ...verbatim(text)]
  return [
    '.RS',
    ...fields.flatMap(field => [...tags(prototype(field.code, 64)), prose(field.text) || '\\&']),
    '.RE'
  ]
}

const items = entries =>
  entries.flatMap(({ parts, declarations }) => [
    ...tags(declarations.flatMap(linesOf)),
    ...body(parts),
    ...declarations.flatMap(fields)
  ])

const isCalled = entry => entry.declarations.some(({ kind }) => kind === 'function')
const section = (title, lines) => (lines.length ? [`.SH ${title}`, ...lines] : [])

const head = (name, names, title) => [
  `.TH ${name.toUpperCase()} 3 ${date} "Lagoon ${version}" "Lagoon"`,
  '.nh',
  '.ad l',
  '.SH NAME',
  `${names.join(', ')} \\- ${title}`,
  '.SH LIBRARY',
  'Lagoon (liblagoon, \\-llagoon)'
]

const seeAlso = pages => [
  '.SH SEE ALSO',
  pages.map((page, index) => `.BR ${page} (3)${index < pages.length - 1 ? ',' : ''}`).join('\n')
]

const topicPage = group => {
  let { name, title, parts, entries } = group
  let called = entries.filter(isCalled)
  let functions = called.flatMap(({ declarations }) => declarations)
  let names = [name, ...functionsOf([group]).map(f => f.name)]
  let mentioned = JSON.stringify(group)
    .match(/\blg_\w+/g)
    .map(word => pageOf.get(word))
  let others = [...new Set(mentioned)].filter(page => page && page !== name && page !== 'lagoon')
  return [
    ...head(name, [...new Set(names)], title),
    '.SH SYNOPSIS',
    '.nf',
    '\\fB#include <lagoon.h>\\fR',
    ...functions.flatMap(({ code: text }) => ['.PP', ...prototype(text)]),
    '.fi',
    ...section('DESCRIPTION', paragraphs(parts.filter(part => part.text))),
    ...section('FUNCTIONS', items(called)),
    ...section('TYPES AND CONSTANTS', items(entries.filter(entry => !isCalled(entry)))),
    ...section(
      'EXAMPLES',
      parts.filter(part => part.code).flatMap(part => example(part.code))
    ),
    ...seeAlso(['lagoon', ...others.sort()])
  ]
}

const paragraphs = parts =>
  parts.flatMap((part, index) => {
    let [, title, rest] = /^([A-Z][a-z]+)\. ([^]*)$/.exec(part.text ?? '') ?? []
    if (title) return [`.SS ${title}`, prose(rest)]
    return [...(index ? ['.PP'] : []), ...(part.text ? [prose(part.text)] : example(part.code))]
  })

const overviewPage = () => {
  let [first, ...rest] = overview.parts
  let [, title, text] = /^Lagoon: ([^.]*)\. ([^]*)$/.exec(first.text)
  return [
    ...head('lagoon', ['lagoon'], title),
    '.SH SYNOPSIS',
    '.nf',
    '\\fB#include <lagoon.h>\\fR',
    '.fi',
    '.SH DESCRIPTION',
    ...paragraphs([{ text: text.replace(/^This header is the reference; e/, 'E') }, ...rest]),
    '.SS Building',
    'With',
    '.BR pkg\\-config (1):',
    '.PP',
    ...example(
      [
        'cc program.c $(pkg-config --cflags --libs lagoon)',
        'cc -static program.c $(pkg-config --static --cflags --libs lagoon)'
      ].join('\n')
    ),
    '.PP',
    'With CMake, where the other target is \\fBlagoon::lagoon\\-static\\fR:',
    '.PP',
    ...example(
      [
        'find_package(Lagoon REQUIRED)',
        'target_link_libraries(program PRIVATE lagoon::lagoon)'
      ].join('\n')
    ),
    ...section('TYPES AND CONSTANTS', items(overview.entries)),
    '.SH PAGES',
    ...topics.flatMap(({ name, title }) => ['.TP', `.BR ${name} (3)`, prose(title)])
  ]
}

const folder = `${process.argv[2]}/man3`
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const write = (name, lines) => writeFileSync(`${folder}/${name}.3`, lines.join('\n') + '\n')

write('lagoon', overviewPage())
for (let group of topics) write(group.name, topicPage(group))
for (let [name, page] of pageOf) {
  if (name !== page && /^lg_/.test(name)) write(name, [`.so man3/${page}.3`])
}
