// Packages written for Nano Stores, on Lagoon, on a server: what they keep in variables is one for all
// requests, unless it is given to them by perLagoon(). docs/server.md says which.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replacePackage } from './frameworks.js'

replacePackage('nanostores', 'lagoon')
const { perLagoon } = await import('../js/index.js')
const { createLagoon } = await import('../js/server.js')

const visitAll = visit => Promise.all(['Ada', 'Grace'].map(name => createLagoon().run(visit, name)))
const wait = () => new Promise(resolve => setTimeout(resolve, 5))

test('@nanostores/deepmap', async () => {
  const { deepMap } = await import('@nanostores/deepmap')
  const $user = deepMap({ name: { first: '' } })
  const visit = async name => {
    $user.setKey('name.first', name)
    await wait()
    return $user.get().name.first
  }
  assert.deepEqual(await visitAll(visit), ['Ada', 'Grace'])
  assert.equal($user.get().name.first, '')
})

test('@nanostores/persistent, with a storage for each lagoon', async () => {
  const { persistentAtom, persistentMap, setPersistentEngine } =
    await import('@nanostores/persistent')
  const storages = perLagoon(() => ({}))
  const storage = new Proxy(
    {},
    {
      deleteProperty: (_, key) => delete storages()[key],
      get: (_, key) => storages()[key],
      getOwnPropertyDescriptor: (_, key) => Object.getOwnPropertyDescriptor(storages(), key),
      has: (_, key) => key in storages(),
      ownKeys: () => Reflect.ownKeys(storages()),
      set: (_, key, value) => Reflect.set(storages(), key, value)
    }
  )
  setPersistentEngine(storage, { addEventListener() {}, removeEventListener() {} })
  const $name = persistentAtom('name', 'nobody')
  const $cart = persistentMap('cart:', {})
  const visit = async name => {
    const before = [$name.get(), $cart.get().owner]
    $name.set(name)
    $cart.setKey('owner', name)
    await wait()
    return [...before, $name.get(), $cart.get().owner]
  }
  assert.deepEqual(await visitAll(visit), [
    ['nobody', undefined, 'Ada', 'Ada'],
    ['nobody', undefined, 'Grace', 'Grace']
  ])
})

test('@nanostores/query, with a cache for each lagoon', async () => {
  const { nanoquery } = await import('@nanostores/query')
  const { atom } = await import('../js/index.js')
  const $session = atom('')
  const queries = perLagoon(() => {
    const [createFetcherStore] = nanoquery({ fetcher: async () => `profile of ${$session.get()}` })
    return { $profile: createFetcherStore(['/me']) }
  })
  const visit = async name => {
    $session.set(name)
    const { $profile } = queries()
    return new Promise(resolve => {
      $profile.subscribe(({ data }) => data && resolve(data))
    })
  }
  assert.deepEqual(await visitAll(visit), ['profile of Ada', 'profile of Grace'])
})
