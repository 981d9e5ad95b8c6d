// The bundlers that people put between the package and a browser, all asked for the same.
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite, defaultClientConditions } from 'vite'
import webpack from 'webpack'

// Rollup leaves packages to a plugin: this one knows a single package.
const findLagoon = (project, conditions) => {
  let folder = join(project, 'node_modules/lagoon')
  let { exports, imports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  let choose = target => {
    if (typeof target === 'string') return target
    let condition = Object.keys(target).find(name => [...conditions, 'default'].includes(name))
    return choose(target[condition])
  }
  return {
    name: 'find-lagoon',
    resolveId(source, importer) {
      let target = source.startsWith('#')
        ? imports[source]
        : /^lagoon(?=$|\/)/.test(source) && exports[source.replace('lagoon', '.')]
      if (target) return { id: join(folder, choose(target)), moduleSideEffects: false }
      if (source.startsWith('./') && importer?.startsWith(folder)) {
        return { id: join(dirname(importer), source), moduleSideEffects: false }
      }
    }
  }
}

const importsOf = external => external.map(name => new RegExp(`^${name}(?=/|$)`))

const run = compiler =>
  new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')))
      else compiler.close(resolve)
    })
  })

/**
 * Each bundles the module `file` of `project` for production, as a module for the browser, and returns
 * the code. `conditions` are added to those it has. Imports from the packages in `external` stay.
 */
export const bundlers = {
  async esbuild({ project, file, conditions = [], external = [] }) {
    let { outputFiles } = await esbuild({
      entryPoints: [join(project, file)],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      conditions,
      external: external.flatMap(name => [name, `${name}/*`]),
      logLevel: 'error',
      define: { 'process.env.NODE_ENV': '"production"' }
    })
    return outputFiles[0].text
  },

  async Rollup({ project, file, conditions = [], external = [] }) {
    let bundle = await rollup({
      input: join(project, file),
      external: importsOf(external),
      plugins: [findLagoon(project, conditions)],
      onwarn: warning => {
        if (warning.code !== 'EMPTY_BUNDLE') throw new Error(warning.message)
      }
    })
    let { output } = await bundle.generate({ format: 'esm' })
    await bundle.close()
    return output[0].code
  },

  async Vite({ project, file, conditions = [], external = [] }) {
    let { output } = await vite({
      root: project,
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: [...conditions, ...defaultClientConditions] },
      build: {
        write: false,
        modulePreload: false,
        rollupOptions: {
          input: join(project, file),
          external: importsOf(external),
          preserveEntrySignatures: 'strict'
        }
      }
    })
    return output[0].code
  },

  async webpack({ project, file, conditions = [], external = [] }) {
    let path = join(project, 'webpack')
    await run(
      webpack({
        mode: 'production',
        context: project,
        entry: join(project, file),
        experiments: { outputModule: true },
        externals: importsOf(external),
        externalsType: 'module',
        output: { path, filename: '[name].js', module: true, library: { type: 'module' } },
        performance: { hints: false },
        resolve: { conditionNames: [...conditions, '...'] }
      })
    )
    return readFileSync(join(path, 'main.js'), 'utf8')
  }
}

/** The folder of the programs that every runtime runs. */
export const programs = fileURLToPath(new URL('runtimes/', import.meta.url))
