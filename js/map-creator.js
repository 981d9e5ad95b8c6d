// Makes maps by id, and keeps each for as long as it is mounted.
import { perLagoon } from '#lagoons'
import { clean } from './clean-stores.js'
import { needFunction } from './fail.js'
import { onMount } from './lifecycle.js'
import { map } from './map.js'

export function mapCreator(init) {
  if (process.env.NODE_ENV !== 'production' && init) needFunction(init, 'mapCreator()')
  let create = (id, ...args) => {
    if (id in Object.prototype) throw new Error(`Lagoon: '${id}' can't be an id`)
    create.cache[id] ||= create.build(id, ...args)
    return create.cache[id]
  }

  create.build = (id, ...args) => {
    let $map = map({ id })
    onMount($map, () => {
      let destroy = init && init($map, id, ...args)
      return () => {
        delete create.cache[id]
        if (destroy) destroy()
      }
    })
    return $map
  }

  let own = perLagoon(() => ({ cache: {} }))
  Object.defineProperty(create, 'cache', {
    enumerable: true,
    get: () => own().cache,
    set(cache) {
      own().cache = cache
    }
  })

  if (process.env.NODE_ENV !== 'production') {
    create[clean] = () => {
      for (let $map of Object.values(create.cache)) $map[clean]()
      create.cache = {}
    }
  }

  return create
}
