import { type AllPaths, type FromPath, getPath, setByKey, setPath } from './index.js'

type Shop = {
  owner?: { name: string; email?: string }
  items: { tags: string[] }[]
  at: Date
}
type Tree = { value: number; left?: Tree; right?: Tree }

declare const shop: Shop

export const paths: AllPaths<Shop>[] = [
  'owner',
  'owner.name',
  'owner.email',
  'items',
  'items[0]',
  'items[7].tags',
  'items[7].tags[2]',
  'at'
]
export const deep: AllPaths<Tree> = 'left.left.right.value'
export const limited: AllPaths<Tree, '', 2> = 'left.value'
// @ts-expect-error Deeper than it was to look.
export const tooDeep: AllPaths<Tree, '', 2> = 'left.left.value'
// @ts-expect-error There is no such path.
export const noPath: AllPaths<Shop> = 'items.tags'
// @ts-expect-error A date is looked into by nobody.
export const inDate: AllPaths<Shop> = 'at.getTime'

export const name: string = getPath(shop, 'owner.name')
export const email: string | undefined = getPath(shop, 'owner.email')
export const tag: string = getPath(shop, 'items[0].tags[1]')
export const at: Date = getPath(shop, 'at')
export const value: FromPath<Tree, 'left.value'> = 1
export const either: FromPath<Shop, 'owner.name' | 'at'>[] = ['Ada', new Date()]
// @ts-expect-error The tag is a text.
export const noTag: number = getPath(shop, 'items[0].tags[1]')
// @ts-expect-error There is no such path.
getPath(shop, 'owner.age')

export const copy: Shop = setPath(shop, 'items[0].tags', ['a'])
// @ts-expect-error The tags are texts.
setPath(shop, 'items[0].tags', [1])
export const written: Shop = setByKey(shop, ['items', 0, 'tags'], ['a'])
// @ts-expect-error Keys are given as a list.
setByKey(shop, 'items', [])
