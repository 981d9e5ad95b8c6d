// The plugins of Vite: which module shares which store, and what stands in front of each of them.
import { fileURLToPath } from 'node:url'

// As Vite writes paths, on Windows as well.
const file = name => fileURLToPath(new URL(name, import.meta.url)).replaceAll('\\', '/')
const quoted = name => JSON.stringify(file(name))

const PACKAGE = file('..')
const BUILD = 'virtual:lagoon/build'
const STORES = 'virtual:lagoon/stores'
// One store's module, in development: names come while it runs.
const STORE = 'virtual:lagoon/store/'
// In front of a framework's two sides.
const ISLAND = 'virtual:lagoon/island/'
const RENDERER = 'virtual:lagoon/renderer/'

const SIDE = /^(@astrojs\/(?:react|preact|solid-js|svelte|vue)\/(client|server)[\w-]*)\.js$/
const SOURCES = ['lagoon', 'nanostores']

const isClient = ({ environment }) => environment.config.consumer === 'client'

// Calls `visit` with each node below one.
const walk = (node, visit) => {
  if (Array.isArray(node)) {
    for (let item of node) walk(item, visit)
  } else if (typeof node?.type === 'string') {
    visit(node)
    for (let key in node) if (typeof node[key] === 'object') walk(node[key], visit)
  }
}

// What share() is called in this module, and what the package is called.
const namesOfShare = program => {
  let functions = new Set()
  let namespaces = new Set()
  for (let { type, source, specifiers } of program.body) {
    if (type !== 'ImportDeclaration' || !SOURCES.includes(source.value)) continue
    for (let { type, imported, local } of specifiers) {
      if (type === 'ImportNamespaceSpecifier') namespaces.add(local.name)
      else if ((imported?.name ?? imported?.value) === 'share') functions.add(local.name)
    }
  }
  return { functions, namespaces }
}

// The names that are shared in a module, as far as they stand there. Undefined: it shares nothing.
const findShared = program => {
  let { functions, namespaces } = namesOfShare(program)
  if (!functions.size && !namespaces.size) return
  let isShare = ({ type, name, object, property }) =>
    type === 'Identifier'
      ? functions.has(name)
      : type === 'MemberExpression' && namespaces.has(object.name) && property.name === 'share'
  let found
  walk(program, ({ type, callee, arguments: [first] = [] }) => {
    if (type !== 'CallExpression' || !isShare(callee)) return
    found ||= []
    if (typeof first?.value === 'string') found.push(first.value)
  })
  return found ?? (functions.size ? [] : undefined)
}

export const vitePlugins = ({ build, wasm }) => {
  // By name, the module that shares it
  let modules = new Map()
  let isBuild = false
  let base = '/'

  let register = (id, names) => {
    for (let [name, module] of modules) if (module === id) modules.delete(name)
    for (let name of names) modules.set(name, id)
  }

  let writeStores = () => {
    if (!isBuild) {
      // A name may have characters that no path may have
      return `let pathOf = name =>
  Array.from(new TextEncoder().encode(name), byte => byte.toString(16).padStart(2, '0')).join('')
export let names
export const load = name => import(/* @vite-ignore */ ${JSON.stringify(`${base}@id/${STORE}`)} + pathOf(name))`
    }
    let entries = [...modules].map(
      ([name, id]) => `[${JSON.stringify(name)}]: () => import(${JSON.stringify(id)})`
    )
    return `let modules = { __proto__: null, ${entries.join(', ')} }
export let names = Object.keys(modules)
export const load = name => modules[name]?.()`
  }

  let modulesPlugin = {
    name: 'lagoon:modules',
    enforce: 'pre',

    // Whoever imports it, there is one copy of the package, and the modules below see it
    config: () => ({ optimizeDeps: { exclude: SOURCES } }),

    // Node can't load what imports the virtual modules below
    configEnvironment(name, { resolve }) {
      if (name === 'client' || resolve?.noExternal === true) return
      return { resolve: { noExternal: ['lagoon'] } }
    },

    configResolved(config) {
      isBuild = config.command === 'build'
      base = config.base
    },

    resolveId(source, importer) {
      if (source.startsWith('virtual:lagoon/')) return source
      if (source === '#engine' && !wasm && isClient(this)) return file('../engine-no-wasm.js')
      let [, module, side] = SIDE.exec(source) ?? []
      let front = side === 'client' ? ISLAND : RENDERER
      if (module && !importer?.startsWith(front)) return front + module
    },

    load(id) {
      if (id === BUILD) return `export const build = '${build}', builtAt = ${parseInt(build, 36)}`
      if (id === STORES) return writeStores()
      if (id.startsWith(STORE)) {
        let module = modules.get(Buffer.from(id.slice(STORE.length), 'hex').toString())
        // Without an end of its own for an update, it would reload pages that have never loaded it
        return module ? `import ${JSON.stringify(module)}\nimport.meta.hot?.accept()` : ''
      }
      if (id.startsWith(ISLAND)) {
        let original = id.slice(ISLAND.length)
        let isReact = original.startsWith('@astrojs/react/')
        return `import original from '${original}.js'
import { hydrateIsland } from ${quoted('island.js')}
${isReact ? `import { withHtmlValues } from ${quoted('react.js')}` : 'let withHtmlValues'}
export default hydrateIsland(original, withHtmlValues)`
      }
      if (id.startsWith(RENDERER)) {
        return `import original from '${id.slice(RENDERER.length)}.js'
import { noteParts } from ${quoted('renderer.js')}
export default noteParts(original)`
      }
    }
  }

  let transformPlugin = {
    name: 'lagoon:transform',
    // When types and templates are gone, and before paths stand in place of names
    enforce: 'post',

    transform(code, id) {
      if (!/\bshare\b/.test(code) || !SOURCES.some(source => code.includes(source))) return
      if (id.startsWith(PACKAGE)) return
      let names = findShared(this.parse(code))
      if (!names) return
      if (!id.endsWith('.astro')) register(id, names)
      else if (names.length) {
        this.error(
          `Lagoon: share('${names[0]}') stands in ${id}, which browsers can't load, and servers run for ` +
            'each request. Share the store in a module of its own, and import it'
        )
      }
      if (!isClient(this)) return
      return {
        code: `import { start as startLagoon } from ${quoted('client.js')};startLagoon();${code}`,
        map: null
      }
    }
  }

  return [modulesPlugin, transformPlugin]
}
