import { bindAttribute, bindClass, bindText, bindValue, dispatchOn, fromEvent } from './dom.js'
import { atom, computed, map, type ReadableAtom } from './index.js'

const count = atom(1)
const user = map({ name: 'Ada', age: 36 })

export const click: ReadableAtom<MouseEvent | undefined> = fromEvent(document, 'click')
export const x: ReadableAtom<number> = fromEvent(document.body, 'click', {
  initial: 0,
  map: event => event.clientX
})
export const size: ReadableAtom<number> = fromEvent(window, 'resize', {
  initial: 0,
  map: () => innerWidth
})
export const custom: ReadableAtom<CustomEvent | undefined> = fromEvent(document, 'cart')
export const detail: ReadableAtom<string> = fromEvent(new EventTarget(), 'cart', {
  initial: '',
  map: event => String(event.detail)
})

export const stop: () => void = dispatchOn(computed(count, String), window, 'count')
bindText('#count', count)
bindText(document.querySelectorAll('p'), user, 'name')
bindText([document.body], user, value => value.age + 1)
bindAttribute(document.body, 'hidden', count, value => value > 1)
bindClass('p', 'old', user, 'age')
bindValue('input', count)
bindValue('input', user, 'name')

// @ts-expect-error There is no such key.
bindText('p', user, 'street')
// @ts-expect-error Nor here.
bindValue('input', user, 'street')
// @ts-expect-error A computed store cannot be written.
bindValue('input', computed(count, String))
// @ts-expect-error An atom has no keys.
bindValue('input', count, 'a')
// @ts-expect-error It can be read only.
fromEvent(document, 'click').set(1)
// @ts-expect-error It is no store.
dispatchOn({}, document, 'a')
