import { hydrate } from './client.js'

let nothing: void = hydrate('{}')
hydrate('{}', {})
hydrate('{}', { at: Date.now(), build: 'a', since: performance.now() })

// @ts-expect-error
hydrate({})
// @ts-expect-error
hydrate('{}', { at: new Date() })
// @ts-expect-error
hydrate()
