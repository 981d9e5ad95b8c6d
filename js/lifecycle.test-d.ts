import {
  atom,
  computed,
  deepMap,
  map,
  onMount,
  onNotify,
  onSet,
  onStart,
  onStop,
  STORE_UNMOUNT_DELAY
} from './index.js'

const count = atom(1)
const user = map({ name: 'Ada', age: 36 })
const shop = deepMap({ items: ['a'] })
const label = computed(count, String)

export const delay: number = STORE_UNMOUNT_DELAY

const unbind: () => void = onMount(count, () => {})
unbind()
onMount(count, () => () => {})
onMount(label, ({ shared }) => console.log(shared))
onMount<{ started: number }>(user, ({ shared }) => {
  shared.started = 1
  // @ts-expect-error There is nothing of that name.
  shared.stopped = 1
})
// @ts-expect-error What is returned can be called.
onMount(count, () => 1)
// @ts-expect-error An async function returns no function.
onMount(count, async () => {})

onStart<{ id: string }>(count, ({ shared }) => shared.id.length)
onStop(user, ({ shared }) => console.log(shared))
// @ts-expect-error Only a write can be forbidden.
onStart(count, ({ abort }) => abort())

onSet(count, ({ newValue, changed, abort }) => {
  const key: undefined = changed
  if (newValue.toFixed() === key) abort()
})
// @ts-expect-error Only onNotify knows the old value.
onSet(count, ({ oldValue }) => console.log(oldValue))
onSet(user, ({ newValue, changed }) => {
  const key: 'age' | 'name' | undefined = changed
  if (key) console.log(newValue[key])
  // @ts-expect-error There is no such key.
  if (changed === 'email') console.log(newValue.age)
})
onSet(shop, ({ changed }) => {
  const path: 'items' | `items[${number}]` | undefined = changed
  console.log(path)
})
onSet<{ count: number }, typeof count>(count, ({ shared }) => {
  shared.count++
})

onNotify(count, ({ oldValue, abort }) => {
  if (oldValue?.toFixed()) abort()
  // @ts-expect-error It may be missing.
  oldValue.toFixed()
})
onNotify(user, ({ oldValue, changed, shared }) => {
  console.log(oldValue?.name, changed === 'name', shared)
  // @ts-expect-error There is no such key.
  if (changed === 'email') console.log(oldValue)
})
// @ts-expect-error A number is no store.
onNotify(1, () => {})
