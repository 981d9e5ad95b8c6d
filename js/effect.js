// A function that runs again whenever a store it uses changed.
export const effect = (stores, fn) => {
  if (!Array.isArray(stores)) stores = [stores]

  let cleanUp
  let unbinds = []
  let stop = () => {
    for (let unbind of unbinds) unbind()
  }
  let run = () => {
    cleanUp?.()
    cleanUp = fn(...stores.map($store => $store.get()))
  }

  try {
    for (let $store of stores) unbinds.push($store.listen(run))
    run()
  } catch (error) {
    stop()
    throw error
  }

  return () => {
    stop()
    cleanUp?.()
  }
}
