// How the tests reach another build of a framework than the one Node would choose.

import { registerHooks } from 'node:module'

let isBrowser = false

/** Every import from here on resolves as in a browser: Solid and Svelte have a build for each side. */
export function resolveAsBrowser() {
  isBrowser = true
}

/** Every import of one package, also from inside other packages, gets a package of another name. */
export function replacePackage(name, substitute) {
  const prefix = new RegExp(`^${name}(?=/|$)`)
  registerHooks({
    resolve: (specifier, context, next) => next(specifier.replace(prefix, substitute), context)
  })
}

/** Imports a module given as text, as if it stood in this folder. */
export function importText(code) {
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL: parent, conditions } = context
    const parentURL = parent?.startsWith('data:') ? import.meta.url : parent
    if (!isBrowser) return next(specifier, { ...context, parentURL })
    return next(specifier, {
      ...context,
      // Node keeps what a parent's import resolved to, so that the parent needs another name, too.
      parentURL: `${parentURL}?browser`,
      conditions: ['browser', ...conditions]
    })
  }
})
