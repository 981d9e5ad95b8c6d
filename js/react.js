// React: one hook over useSyncExternalStore, which keeps concurrent rendering free of tears.

import { useCallback, useSyncExternalStore } from 'react'
import { listenKeys } from './index.js'

export function useStore(store, { keys, deps, ssr } = {}) {
  // One key may stand alone, as the README of @nanostores/react has it.
  const list = keys ? [keys].flat() : []
  const get = useCallback(() => store.get(), [store])
  const subscribe = useCallback(
    onChange => (list.length ? listenKeys(store, list, onChange) : store.listen(onChange)),
    deps ?? [store, list.map(String).join()]
  )
  let getOnServer = get
  if (typeof ssr === 'function') getOnServer = ssr
  if (ssr === 'initial' && 'init' in store) getOnServer = () => store.init

  return useSyncExternalStore(subscribe, get, getOnServer)
}
