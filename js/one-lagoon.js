// Browsers: all stores of a page belong to one lagoon. What js/lagoons.js does on servers is nothing here.
export * from './core.js'

export const isServer = false

export const showName = () => {}

export const touch = () => {}

export const unmountsOf = ({ events }) => events

export const perLagoon = make => {
  let own = make()
  return () => own
}

export const bound = fn => fn
