// React: a hook over useSyncExternalStore, which keeps concurrent rendering free of tears, and one
// that suspends a component while its store is loading.

import { perLagoon } from '#lagoons'
import { useCallback, useContext, useSyncExternalStore } from 'react'
import { listenKeys } from './index.js'
import { HtmlValue } from './react-context.js'

export function useStore(store, { keys, deps, ssr } = {}) {
  // One key may stand alone, as the README of @nanostores/react has it.
  const list = keys ? [keys].flat() : []
  const get = useCallback(() => store.get(), [store])
  const subscribe = useCallback(
    onChange => (list.length ? listenKeys(store, list, onChange) : store.listen(onChange)),
    deps ?? [store, list.map(String).join()]
  )
  const htmlValue = useContext(HtmlValue)
  let getOnServer = htmlValue ? () => htmlValue(store) : get
  if (typeof ssr === 'function') getOnServer = ssr
  if (ssr === 'initial' && 'init' in store) getOnServer = () => store.init

  return useSyncExternalStore(subscribe, get, getOnServer)
}

const isLoading = value => value.isLoading || value.state === 'loading'

// One promise for each store that is loading, however many components wait for it.
const promises = perLagoon(() => new WeakMap())

function untilLoaded(store) {
  const loaded = promises()
  if (!loaded.has(store)) {
    const promise = new Promise(resolve => {
      const unbind = store.subscribe(value => {
        if (isLoading(value)) return
        resolve()
        // Not at once: mounting the store may have loaded it, before there is something to unbind
        queueMicrotask(() => {
          loaded.delete(store)
          unbind()
        })
      })
    })
    loaded.set(store, promise)
  }
  return loaded.get(store)
}

export function useLoadingStore(store) {
  const value = useStore(store)
  if (isLoading(value)) throw untilLoaded(store)
  if (value.error || value.state === 'failed') throw value.error
  return value.state === 'ready' ? value.value : value
}
