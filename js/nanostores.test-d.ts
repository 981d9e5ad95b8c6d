// Every type and value has the type that it has in Nano Stores: each is assigned both ways.

import * as nano from 'nanostores'
import * as lagoon from './index.js'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
declare function isTrue<T extends true>(): T

// @ts-expect-error That is how a difference would show.
isTrue<Equal<string, number>>()
// @ts-expect-error And here one that is in one direction only.
isTrue<Mutual<number, number | string>>()

// Same names, nothing less, and nothing more than these.
type Own = 'effectScope' | 'fromStore' | 'perLagoon' | 'share' | 'untracked'
isTrue<Equal<Exclude<keyof typeof lagoon, Own>, keyof typeof nano>>()

// Values. A unique symbol is itself only, and functions over paths are compared path by path, below.
// These three take one function, too.
type ByPath = 'deepMap' | 'getKey' | 'getPath' | 'setPath'
type Values<Library> = Omit<Library, ByPath | Own | 'clean'>
type Tracking = 'batched' | 'computed' | 'effect'
export const toNano: Values<typeof nano> = lagoon
export const toLagoon: Omit<Values<typeof lagoon>, Tracking> = nano
export const symbols: symbol[] = [lagoon.clean, nano.clean]

// Types of stores, for any type of value.
export class ForEveryValue<
  Value,
  Item extends object,
  Args extends unknown[],
  Stores extends lagoon.Gettable[]
> {
  toNano(
    atom: lagoon.Atom<Value>,
    readable: lagoon.ReadableAtom<Value>,
    writable: lagoon.WritableAtom<Value>,
    initialized: lagoon.PreinitializedWritableAtom<Value>,
    gettable: lagoon.Gettable<Value>,
    listenable: lagoon.ListenableStore<Value>,
    any: lagoon.AnyStore<Value>,
    store: lagoon.Store<Value>,
    writableStore: lagoon.WritableStore<Value>,
    map: lagoon.MapStore<Item>,
    initializedMap: lagoon.PreinitializedMapStore<Item>,
    creator: lagoon.MapCreator<Item, Args>,
    task: lagoon.Task<Value>,
    values: lagoon.StoreValues<Stores>,
    object: lagoon.BaseDeepMap
  ): [
    nano.Atom<Value>,
    nano.ReadableAtom<Value>,
    nano.WritableAtom<Value>,
    nano.PreinitializedWritableAtom<Value>,
    nano.Gettable<Value>,
    nano.ListenableStore<Value>,
    nano.AnyStore<Value>,
    nano.Store<Value>,
    nano.WritableStore<Value>,
    nano.MapStore<Item>,
    nano.PreinitializedMapStore<Item>,
    nano.MapCreator<Item, Args>,
    nano.Task<Value>,
    nano.StoreValues<Stores>,
    nano.BaseDeepMap
  ] {
    return [
      atom,
      readable,
      writable,
      initialized,
      gettable,
      listenable,
      any,
      store,
      writableStore,
      map,
      initializedMap,
      creator,
      task,
      values,
      object
    ]
  }

  toLagoon(
    atom: nano.Atom<Value>,
    readable: nano.ReadableAtom<Value>,
    writable: nano.WritableAtom<Value>,
    initialized: nano.PreinitializedWritableAtom<Value>,
    gettable: nano.Gettable<Value>,
    listenable: nano.ListenableStore<Value>,
    any: nano.AnyStore<Value>,
    store: nano.Store<Value>,
    writableStore: nano.WritableStore<Value>,
    map: nano.MapStore<Item>,
    initializedMap: nano.PreinitializedMapStore<Item>,
    creator: nano.MapCreator<Item, Args>,
    task: nano.Task<Value>,
    values: nano.StoreValues<Stores>,
    object: nano.BaseDeepMap
  ): [
    lagoon.Atom<Value>,
    lagoon.ReadableAtom<Value>,
    lagoon.WritableAtom<Value>,
    lagoon.PreinitializedWritableAtom<Value>,
    lagoon.Gettable<Value>,
    lagoon.ListenableStore<Value>,
    lagoon.AnyStore<Value>,
    lagoon.Store<Value>,
    lagoon.WritableStore<Value>,
    lagoon.MapStore<Item>,
    lagoon.PreinitializedMapStore<Item>,
    lagoon.MapCreator<Item, Args>,
    lagoon.Task<Value>,
    lagoon.StoreValues<Stores>,
    lagoon.BaseDeepMap
  ] {
    return [
      atom,
      readable,
      writable,
      initialized,
      gettable,
      listenable,
      any,
      store,
      writableStore,
      map,
      initializedMap,
      creator,
      task,
      values,
      object
    ]
  }
}

// Types with nothing given, as in `(store: Store) => …`.
isTrue<Mutual<lagoon.Atom, nano.Atom>>()
isTrue<Mutual<lagoon.ReadableAtom, nano.ReadableAtom>>()
isTrue<Mutual<lagoon.WritableAtom, nano.WritableAtom>>()
isTrue<Mutual<lagoon.Gettable, nano.Gettable>>()
isTrue<Mutual<lagoon.ListenableStore, nano.ListenableStore>>()
isTrue<Mutual<lagoon.AnyStore, nano.AnyStore>>()
isTrue<Mutual<lagoon.Store, nano.Store>>()
isTrue<Mutual<lagoon.WritableStore, nano.WritableStore>>()
isTrue<Mutual<lagoon.MapStore, nano.MapStore>>()
isTrue<Mutual<lagoon.PreinitializedMapStore, nano.PreinitializedMapStore>>()
isTrue<Mutual<lagoon.MapCreator, nano.MapCreator>>()

// Types of values and keys, for a store of each kind.
const lagoonStores = {
  atom: lagoon.atom<number | undefined>(),
  object: lagoon.atom({ a: 1 }),
  map: lagoon.map<{ a: number; b?: string }>({ a: 1 }),
  union: lagoon.map<{ a: number } | { b: string }>({ a: 1 }),
  record: lagoon.map<Record<string, number>>(),
  computed: lagoon.computed(lagoon.atom(1), String),
  batched: lagoon.batched([lagoon.atom(1), lagoon.atom('')], (a, b) => [a, b] as const),
  deepMap: lagoon.deepMap({ a: { b: [1] } }),
  created: lagoon.mapCreator<{ name: string }, [number]>()('id', 1)
}
const nanoStores = {
  atom: nano.atom<number | undefined>(),
  object: nano.atom({ a: 1 }),
  map: nano.map<{ a: number; b?: string }>({ a: 1 }),
  union: nano.map<{ a: number } | { b: string }>({ a: 1 }),
  record: nano.map<Record<string, number>>(),
  computed: nano.computed(nano.atom(1), String),
  batched: nano.batched([nano.atom(1), nano.atom('')], (a, b) => [a, b] as const),
  deepMap: nano.deepMap({ a: { b: [1] } }),
  created: nano.mapCreator<{ name: string }, [number]>()('id', 1)
}
type L = typeof lagoonStores
type N = typeof nanoStores
type Kind = keyof L
isTrue<Mutual<Omit<L, 'deepMap'>, Omit<N, 'deepMap'>>>()
isTrue<Equal<{ [K in Kind]: lagoon.StoreValue<L[K]> }, { [K in Kind]: nano.StoreValue<N[K]> }>>()
isTrue<
  Equal<{ [K in Kind]: lagoon.MapStoreKeys<L[K]> }, { [K in Kind]: nano.MapStoreKeys<N[K]> }>
>()

// Paths. TypeScript can't see that two ways to take a path apart are the same for every path, so
// some of each kind have to do.
type Shop = {
  name: string
  price?: number
  tags: string[]
  grid: number[][]
  items: { id: number; names: string[]; stock?: { count: number } }[]
  rows: { cells: { text: string }[] }[][]
  owner?: { name: string; address: { city?: string } }
  state: { kind: 'open'; hours: [number, number][] } | { kind: 'closed' }
  byId: Record<string, { count: number; prices: number[] }>
  counts: Record<string, number>
  byNumber: Record<number, string>
  nothing: null
  any: unknown
  when: Date
  run: () => void
  readonly fixed: readonly string[]
  'dotted.key': boolean
}
type Tree = { value: number; children: Tree[]; parent?: Tree }
type Path = lagoon.AllPaths<Shop>
isTrue<Equal<Path, nano.AllPaths<Shop>>>()
isTrue<Equal<lagoon.AllPaths<Shop, 'at'>, nano.AllPaths<Shop, 'at'>>>()
isTrue<Equal<lagoon.AllPaths<Shop['owner'], '', 2>, nano.AllPaths<Shop['owner'], '', 2>>>()
isTrue<Equal<lagoon.AllPaths<Tree, '', 3>, nano.AllPaths<Tree, '', 3>>>()
isTrue<Equal<lagoon.AllPaths<lagoon.BaseDeepMap>, nano.AllPaths<nano.BaseDeepMap>>>()

type Examples = Path | 'items[0]' | 'items[12].names[1]' | 'rows[0][1].cells[2].text' | 'grid[1]'
type Wrong = 'nowhere' | 'name.length' | 'tags[x]' | 'tags.0' | 'owner.nobody' | 'grid[0][0][0]'
type From<P> = { [Key in P & string]: lagoon.FromPath<Shop, Key> }
type NanoFrom<P> = { [Key in P & string]: nano.FromPath<Shop, Key> }
isTrue<Equal<From<Examples>, NanoFrom<Examples>>>()
isTrue<Equal<From<Wrong>, NanoFrom<Wrong>>>()
isTrue<Equal<lagoon.FromPath<lagoon.BaseDeepMap, 'a.b'>, nano.FromPath<nano.BaseDeepMap, 'a.b'>>>()
isTrue<Equal<lagoon.FromPath<lagoon.BaseDeepMap, 'a.b'>, unknown>>()

// The functions over paths, for one path after the other.
declare const lagoonShop: lagoon.DeepMapStore<Shop>
declare const nanoShop: nano.DeepMapStore<Shop>
type Listen =
  'eq' | 'get' | 'init' | 'lc' | 'listen' | 'notify' | 'off' | 'set' | 'subscribe' | 'value'
isTrue<Equal<keyof lagoon.DeepMapStore<Shop>, keyof nano.DeepMapStore<Shop>>>()
isTrue<Mutual<Pick<lagoon.DeepMapStore<Shop>, Listen>, Pick<nano.DeepMapStore<Shop>, Listen>>>()
export const anyStores: lagoon.Store[] & nano.Store[] = [lagoonShop, nanoShop]

// In Nano Stores a union of paths has the type of some of its members only.
isTrue<Equal<lagoon.FromPath<Shop, 'name' | 'items[0].id'>, number | string>>()
isTrue<Equal<nano.FromPath<Shop, 'name' | 'items[0].id'>, number>>()

const lagoonName = [
  lagoonShop.setKey<'name'>,
  lagoon.getKey<Shop, 'name'>,
  lagoon.getPath<Shop, 'name'>,
  lagoon.setPath<Shop, 'name'>
] as const
const nanoName = [
  nanoShop.setKey<'name'>,
  nano.getKey<Shop, 'name'>,
  nano.getPath<Shop, 'name'>,
  nano.setPath<Shop, 'name'>
] as const
isTrue<Mutual<typeof lagoonName, typeof nanoName>>()

const lagoonId = [
  lagoonShop.setKey<'items[0].id'>,
  lagoon.getKey<Shop, 'items[0].id'>,
  lagoon.getPath<Shop, 'items[0].id'>,
  lagoon.setPath<Shop, 'items[0].id'>
] as const
const nanoId = [
  nanoShop.setKey<'items[0].id'>,
  nano.getKey<Shop, 'items[0].id'>,
  nano.getPath<Shop, 'items[0].id'>,
  nano.setPath<Shop, 'items[0].id'>
] as const
isTrue<Mutual<typeof lagoonId, typeof nanoId>>()

const lagoonStock = [
  lagoonShop.setKey<'items[0].stock'>,
  lagoon.getKey<Shop, 'items[0].stock'>,
  lagoon.getPath<Shop, 'items[0].stock'>,
  lagoon.setPath<Shop, 'items[0].stock'>
] as const
const nanoStock = [
  nanoShop.setKey<'items[0].stock'>,
  nano.getKey<Shop, 'items[0].stock'>,
  nano.getPath<Shop, 'items[0].stock'>,
  nano.setPath<Shop, 'items[0].stock'>
] as const
isTrue<Mutual<typeof lagoonStock, typeof nanoStock>>()

const lagoonCell = [
  lagoonShop.setKey<'rows[0][1].cells[2].text'>,
  lagoon.getKey<Shop, 'rows[0][1].cells[2].text'>,
  lagoon.getPath<Shop, 'rows[0][1].cells[2].text'>,
  lagoon.setPath<Shop, 'rows[0][1].cells[2].text'>
] as const
const nanoCell = [
  nanoShop.setKey<'rows[0][1].cells[2].text'>,
  nano.getKey<Shop, 'rows[0][1].cells[2].text'>,
  nano.getPath<Shop, 'rows[0][1].cells[2].text'>,
  nano.setPath<Shop, 'rows[0][1].cells[2].text'>
] as const
isTrue<Mutual<typeof lagoonCell, typeof nanoCell>>()

const lagoonCity = [
  lagoonShop.setKey<'owner.address.city'>,
  lagoon.getKey<Shop, 'owner.address.city'>,
  lagoon.getPath<Shop, 'owner.address.city'>,
  lagoon.setPath<Shop, 'owner.address.city'>
] as const
const nanoCity = [
  nanoShop.setKey<'owner.address.city'>,
  nano.getKey<Shop, 'owner.address.city'>,
  nano.getPath<Shop, 'owner.address.city'>,
  nano.setPath<Shop, 'owner.address.city'>
] as const
isTrue<Mutual<typeof lagoonCity, typeof nanoCity>>()

const lagoonCount = [
  lagoonShop.setKey<'counts.apples'>,
  lagoon.getKey<Shop, 'counts.apples'>,
  lagoon.getPath<Shop, 'counts.apples'>,
  lagoon.setPath<Shop, 'counts.apples'>
] as const
const nanoCount = [
  nanoShop.setKey<'counts.apples'>,
  nano.getKey<Shop, 'counts.apples'>,
  nano.getPath<Shop, 'counts.apples'>,
  nano.setPath<Shop, 'counts.apples'>
] as const
isTrue<Mutual<typeof lagoonCount, typeof nanoCount>>()

const lagoonEntry = [
  lagoonShop.setKey<'byId.a.count'>,
  lagoon.getKey<Shop, 'byId.a.count'>,
  lagoon.getPath<Shop, 'byId.a.count'>,
  lagoon.setPath<Shop, 'byId.a.count'>
] as const
const nanoEntry = [
  nanoShop.setKey<'byId.a.count'>,
  nano.getKey<Shop, 'byId.a.count'>,
  nano.getPath<Shop, 'byId.a.count'>,
  nano.setPath<Shop, 'byId.a.count'>
] as const
isTrue<Mutual<typeof lagoonEntry, typeof nanoEntry>>()

const lagoonHours = [
  lagoonShop.setKey<'state.hours'>,
  lagoon.getKey<Shop, 'state.hours'>,
  lagoon.getPath<Shop, 'state.hours'>,
  lagoon.setPath<Shop, 'state.hours'>
] as const
const nanoHours = [
  nanoShop.setKey<'state.hours'>,
  nano.getKey<Shop, 'state.hours'>,
  nano.getPath<Shop, 'state.hours'>,
  nano.setPath<Shop, 'state.hours'>
] as const
isTrue<Mutual<typeof lagoonHours, typeof nanoHours>>()

// What must be an error in one must be one in the other.
lagoonStores.object.set({ a: 2 })
nanoStores.object.set({ a: 2 })
// @ts-expect-error Not the type of the value
lagoonStores.object.set({ a: '2' })
// @ts-expect-error
nanoStores.object.set({ a: '2' })
// @ts-expect-error Not the type of the key
lagoonStores.map.setKey('a', '2')
// @ts-expect-error
nanoStores.map.setKey('a', '2')
// @ts-expect-error Not a key
lagoonStores.map.setKey('c', 2)
// @ts-expect-error
nanoStores.map.setKey('c', 2)
// @ts-expect-error What is derived is not written
lagoonStores.computed.set('2')
// @ts-expect-error
nanoStores.computed.set('2')
// @ts-expect-error The arguments are the values of the stores
lagoon.computed(lagoonStores.object, (value: string) => value)
// @ts-expect-error
nano.computed(nanoStores.object, (value: string) => value)
// @ts-expect-error No function
lagoonStores.atom.listen('print')
// @ts-expect-error
nanoStores.atom.listen('print')
// @ts-expect-error A key that the map has not got
lagoon.listenKeys(lagoonStores.map, ['c'], () => {})
// @ts-expect-error
nano.listenKeys(nanoStores.map, ['c'], () => {})
// @ts-expect-error A value that the store does not take
lagoon.onSet(lagoonStores.object, ({ newValue }: { newValue: string }) => newValue)
// @ts-expect-error
nano.onSet(nanoStores.object, ({ newValue }: { newValue: string }) => newValue)
// @ts-expect-error The maps of a creator take its arguments
lagoon.mapCreator<{ name: string }, [number]>()('id', 'one')
// @ts-expect-error
nano.mapCreator<{ name: string }, [number]>()('id', 'one')
