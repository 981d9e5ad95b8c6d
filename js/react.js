// React: one hook over useSyncExternalStore, which keeps concurrent rendering free of tears.

import { useCallback, useSyncExternalStore } from 'react'
import { listenKeys } from './index.js'

export function useStore(store, { keys, deps = [store, keys?.map(String).join()], ssr } = {}) {
  const get = useCallback(() => store.get(), [store])
  const subscribe = useCallback(
    onChange => (keys?.length ? listenKeys(store, keys, onChange) : store.listen(onChange)),
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller may give another list.
    deps
  )
  let getOnServer = get
  if (typeof ssr === 'function') getOnServer = ssr
  if (ssr === 'initial' && 'init' in store) getOnServer = () => store.init

  return useSyncExternalStore(subscribe, get, getOnServer)
}
