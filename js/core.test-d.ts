import { atom, batch } from './index.js'

const count = atom(0)

const nothing: void = batch(() => count.set(1))

export { nothing }

// @ts-expect-error It needs a function.
batch()
// @ts-expect-error The function gets nothing.
batch((amount: number) => count.set(amount))
