// Lit: controllers that draw an element again when stores change; a mixin and a decorator that give
// one to each element of a class.

import { isServer } from 'lit'
import { listenKeys } from './index.js'

function check(stores) {
  for (const store of stores) {
    if (typeof store === 'function' || typeof store?.listen === 'function') continue
    const kind = store === null ? 'null' : typeof store
    throw new TypeError(
      `Lagoon: this is ${kind}, not a store. Give Lit an atom, a map or a computed`
    )
  }
}

// A function gives the store that a property of the element holds, once it holds one.
const storeOf = source => (typeof source === 'function' ? source() : source)

export class MultiStoreController {
  #host
  #sources
  #options
  #isHydrated
  #stores = []
  #unbinds

  constructor(host, stores, options = {}) {
    check(stores)
    this.#host = host
    this.#sources = stores
    this.#options = options
    this.#isHydrated = !options.ssr
    host.addController(this)
  }

  get values() {
    const { ssr } = this.#options
    if (!this.#isHydrated && typeof ssr === 'function') return ssr()
    return this.#sources.map(source => {
      const store = storeOf(source)
      return this.#isHydrated ? store?.get() : store?.init
    })
  }

  hostConnected() {
    // On a server nothing would end the listening
    if (isServer) return
    this.#unbinds = []
    this.#follow()
    this.#host.requestUpdate()
  }

  hostDisconnected() {
    for (const unbind of this.#unbinds ?? []) unbind()
    this.#unbinds = undefined
    this.#stores = []
  }

  hostUpdate() {
    // An element that left the page is still updated if it was about to be
    if (this.#unbinds) this.#follow()
  }

  hostUpdated() {
    if (this.#isHydrated) return
    const drawn = this.values
    this.#isHydrated = true
    if (this.values.every((value, i) => Object.is(value, drawn[i]))) return
    // Not within this update, of which Lit would complain
    queueMicrotask(() => this.#host.requestUpdate())
  }

  #follow() {
    const stores = this.#sources.map(storeOf)
    if (stores.every((store, i) => store === this.#stores[i])) return
    const old = this.#unbinds
    this.#unbinds = []
    try {
      for (const store of stores) if (store) this.#unbinds.push(this.#listen(store))
      this.#stores = stores
    } finally {
      for (const unbind of old) unbind()
    }
  }

  #listen(store) {
    const { keys } = this.#options
    const update = () => this.#host.requestUpdate()
    return keys ? listenKeys(store, [keys].flat(), update) : store.listen(update)
  }
}

export class StoreController extends MultiStoreController {
  constructor(host, store, { ssr, ...options } = {}) {
    super(host, [store], { ...options, ssr: typeof ssr === 'function' ? () => [ssr()] : ssr })
  }

  get value() {
    return this.values[0]
  }
}

export const withStores = (Base, stores) => {
  const list = [stores].flat()
  check(list)
  return class extends Base {
    constructor(...args) {
      super(...args)
      new MultiStoreController(this, list)
    }
  }
}

export const useStores =
  (...stores) =>
  Base =>
    withStores(Base, stores.flat())
