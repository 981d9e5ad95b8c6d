// https://zustand.docs.pmnd.rs
import { createStore } from 'zustand/vanilla'
import { subscribeWithSelector } from 'zustand/middleware'

const noComputeds = 'has no derived stores: what is derived, selectors compute for each listener'

export const without = {
  batchWriter: 'has no batch over several stores',
  choose: noComputeds,
  hooked: 'does not tell when somebody begins or ceases to listen',
  mean: noComputeds,
  over: noComputeds,
  plus: noComputeds,
  total: noComputeds
}

export const atom = value => createStore(() => value)

export const read = store => store.getState()

export const writer = store => value => store.setState(value)

export const hear = (store, tally) =>
  store.subscribe(value => {
    tally.sum = (value + tally.sum) | 0
  })

export const keyed = (keys, value) =>
  createStore(subscribeWithSelector(() => Object.fromEntries(keys.map(key => [key, value]))))

export const keyWriter = (store, key) => value => store.setState({ [key]: value })

export const hearKey = (store, key, tally) =>
  store.subscribe(
    state => state[key],
    value => {
      tally.sum = (value + tally.sum) | 0
    }
  )
