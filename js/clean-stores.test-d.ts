import { atom, clean, cleanStores, deepMap, map, mapCreator } from './index.js'

export const nothing: void = cleanStores()
cleanStores(atom(1), map({ a: 1 }), deepMap({ a: 1 }), mapCreator<{ a: 1 }, [number]>(), undefined)
// @ts-expect-error A number is no store.
cleanStores(1)

export const own: { [clean]: () => void } = { [clean]() {} }
export const symbol: symbol = clean
// @ts-expect-error It is one symbol.
export const other: typeof clean = Symbol('clean')
