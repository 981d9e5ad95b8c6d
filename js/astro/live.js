// An element that shows a store's value. The server has written it; here it follows.
import { load } from 'virtual:lagoon/stores'
import { getPath } from '../path.js'

class Live extends HTMLElement {
  async connectedCallback() {
    let name = this.getAttribute('store')
    let path = this.getAttribute('path')
    let find = () => globalThis.nanostoresGlobal?.shared?.get(name)?.store
    if (!find()) await load(name)
    this.disconnectedCallback()
    if (!this.isConnected) return
    let $store = find()
    if (!$store) {
      throw new Error(
        `Lagoon: <Live> finds no store '${name}' in the browser. Write its name as a literal: share('${name}', …)`
      )
    }
    this.stop = $store.subscribe(value => {
      let text = `${(path ? getPath(value, path) : value) ?? ''}`
      if (text !== this.textContent) this.textContent = text
    })
  }

  disconnectedCallback() {
    this.stop?.()
    this.stop = undefined
  }
}

export const define = () => {
  if (!customElements.get('lagoon-live')) customElements.define('lagoon-live', Live)
}
