export type { Atom, PreinitializedWritableAtom, ReadableAtom, WritableAtom } from './atom.js'
export { atom, readonlyType } from './atom.js'
export { clean, cleanStores } from './clean-stores.js'
export type { StoreValues } from './computed.js'
export { batched, computed } from './computed.js'
export { batch } from './core.js'
export type { AllPaths, BaseDeepMap, DeepMapStore, FromPath } from './deep-map.js'
export { deepMap, getKey, getPath, setByKey, setPath } from './deep-map.js'
export { effect, effectScope } from './effect.js'
export type { SubscribableStore } from './from-store.js'
export { fromStore } from './from-store.js'
export { keepMount } from './keep-mount.js'
export { onMount, onNotify, onSet, onStart, onStop, STORE_UNMOUNT_DELAY } from './lifecycle.js'
export { listenKeys, subscribeKeys } from './listen-keys.js'
export type {
  AnyStore,
  Gettable,
  ListenableStore,
  MapStore,
  MapStoreKeys,
  PreinitializedMapStore,
  Store,
  StoreValue,
  WritableStore
} from './map.js'
export { map } from './map.js'
export type { MapCreator } from './map-creator.js'
export { perLagoon } from './lagoons.js'
export { share, type ShareOptions } from './share.js'
export { mapCreator } from './map-creator.js'
export type { Task } from './task.js'
export { allTasks, cleanTasks, startTask, task } from './task.js'
export { untracked } from './track.js'
