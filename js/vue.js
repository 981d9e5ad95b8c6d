// Vue: a store as a ref, several as one reactive object, one as the model of an input.

import {
  computed,
  getCurrentInstance,
  getCurrentScope,
  onScopeDispose,
  reactive,
  readonly,
  shallowRef
} from 'vue'

// The field's name is what @nanostores/vue/devtools looks for.
export function registerStore(store) {
  const component = getCurrentInstance()?.proxy
  if (!component) return
  if (!('_nanostores' in component)) component._nanostores = []
  component._nanostores.push(store)
}

export function useStore(store) {
  const state = shallowRef()

  if (typeof window === 'undefined') {
    state.value = store.get()
  } else {
    const unsubscribe = store.subscribe(value => {
      state.value = value
    })
    if (getCurrentScope()) onScopeDispose(unsubscribe)
  }

  if (process.env.NODE_ENV === 'production') return state
  registerStore(store)
  return readonly(state)
}

export function mapStores(stores) {
  const refs = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, useStore(store)])
  )
  return process.env.NODE_ENV === 'production' ? reactive(refs) : readonly(refs)
}

export function useVModel(store, keys, { prefix } = {}) {
  const state = useStore(store)
  const model = key =>
    computed({
      get: () => state.value[key],
      set: value => store.setKey(key, value)
    })

  if (Array.isArray(keys)) {
    return Object.fromEntries(keys.map(key => [`${key}${prefix || 'Model'}`, model(key)]))
  }
  if (keys) return model(keys)
  return computed({ get: () => state.value, set: value => store.set(value) })
}
