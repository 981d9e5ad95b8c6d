import { atom, computed, effect, effectScope, map, untracked } from './index.js'

const count = atom(1)
const user = map({ name: 'Ada' })

const stop: () => void = effect(count, value => {
  value.toFixed()
})
stop()
effect([count, user, computed(count, String)], (value, { name }, text) => {
  const id = setTimeout(() => text.repeat(value + name.length))
  return () => clearTimeout(id)
})
effect(user, ({ name }) => {
  if (name) return
  return () => {}
})
const list = [count, user] as const
effect(list, (value, { name }) => console.log(value.toFixed(), name.length))
// All that it needs of a store is this.
effect({ get: () => 'text', listen: (_listener: () => void) => () => {} }, value => {
  value.toUpperCase()
})

// @ts-expect-error The value is a number.
effect(count, value => console.log(value.length))
// @ts-expect-error What is returned can be called.
effect(count, value => value)
// @ts-expect-error There are two values only.
effect([count, user], (_value, _user, _third) => {})
// @ts-expect-error An async function returns no function.
effect(count, async () => {})
// @ts-expect-error A number is no store.
effect(1, () => {})

// What it reads
const stopTracked: () => void = effect(() => {
  count.get().toFixed()
})
stopTracked()
effect(() => () => {})
const stopScope: () => void = effectScope(() => {
  effect(() => {})
})
stopScope()
export const text: string = untracked(() => user.get().name)

// @ts-expect-error An async function returns no function.
effect(async () => {})
// @ts-expect-error It gets no values.
effect(value => console.log(value))
