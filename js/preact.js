// Preact: one hook. Preact itself gathers the changes of one tick into one render.

import { useEffect, useReducer, useRef } from 'preact/hooks'
import { listenKeys } from './index.js'

export function useStore(store, { keys, ssr } = {}) {
  const [, render] = useReducer(count => count + 1, 0)
  const isHydrated = useRef(!ssr)

  let value
  if (isHydrated.current) value = store.get()
  else value = ssr === 'initial' ? store.init : ssr()

  useEffect(() => {
    isHydrated.current = true
    const unlisten = keys ? listenKeys(store, [keys].flat(), render) : store.listen(render)
    // What was drawn may be the server's value, or older than this effect.
    if (!Object.is(value, store.get())) render()
    return unlisten
    // A list of the same keys is no change
  }, [store, keys && [keys].flat().map(String).join()])

  return value
}
