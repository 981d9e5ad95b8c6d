// Plain HTML and scripts that know nothing of stores: events as stores, stores as events, and elements
// that show a store.
import { atom } from './atom.js'
import { needStore } from './fail.js'
import { onMount } from './lifecycle.js'

// What dispatchOn() sends is not news to fromEvent(): a store that hears its own event would never
// come to rest.
const sent = new WeakSet()

/* @__NO_SIDE_EFFECTS__ */
export const fromEvent = (target, type, { initial, map = event => event } = {}) => {
  let $event = atom(initial)
  let { set } = $event
  delete $event.set
  let hear = event => {
    if (!sent.has(event)) set(map(event))
  }
  onMount($event, () => {
    target.addEventListener(type, hear)
    return () => target.removeEventListener(type, hear)
  })
  return $event
}

export const dispatchOn = ($store, target, type) => {
  if (process.env.NODE_ENV !== 'production') needStore($store, 'dispatchOn()')
  return $store.listen(detail => {
    let event = new CustomEvent(type, { detail })
    sent.add(event)
    target.dispatchEvent(event)
  })
}

const find = elements => {
  let list = elements
  if (typeof elements === 'string') list = document.querySelectorAll(elements)
  list = list.nodeType ? [list] : [...list]
  if (list.length) return list
  throw new Error(`Lagoon: found no element ${elements} to bind. Bind it when it is on the page`)
}

// Calls draw(element, value) at once and after each change. The listener does not keep the elements in
// memory, and leaves when they are gone.
const bind = (list, $store, pick = value => value, draw) => {
  if (process.env.NODE_ENV !== 'production') needStore($store, 'a binding')
  let select = typeof pick === 'function' ? pick : value => value[pick]
  let refs = list.map(element => new WeakRef(element))
  let drawAll = value => {
    refs = refs.filter(ref => {
      let element = ref.deref()
      if (element) draw(element, select(value))
      return element
    })
    if (!refs.length) unbind()
  }
  let unbind = $store.listen(drawAll)
  try {
    drawAll($store.get())
  } catch (error) {
    unbind()
    throw error
  }
  return unbind
}

export const bindText = (elements, $store, pick) =>
  bind(find(elements), $store, pick, (element, value) => {
    element.textContent = value ?? ''
  })

export const bindAttribute = (elements, name, $store, pick) =>
  bind(find(elements), $store, pick, (element, value) => {
    if (value === false || value == null) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : value)
  })

export const bindClass = (elements, name, $store, pick) =>
  bind(find(elements), $store, pick, (element, value) => {
    element.classList.toggle(name, !!value)
  })

const isNumber = ({ type }) => type === 'number' || type === 'range'

const read = element => {
  if (element.type === 'checkbox') return element.checked
  if (element.multiple && element.options) {
    return Array.from(element.selectedOptions, option => option.value)
  }
  if (isNumber(element)) return element.value ? element.valueAsNumber : null
  return element.value
}

const write = (element, value) => {
  if (element.type === 'checkbox') element.checked = value
  else if (element.type === 'radio') element.checked = element.value === `${value}`
  else if (element.multiple && element.options) {
    for (let option of element.options) option.selected = !!value?.includes(option.value)
  } else if (read(element) !== value) element.value = value ?? ''
}

export const bindValue = (elements, $store, key) => {
  let isWhole = key === undefined
  let hear = ({ currentTarget }) => {
    let value = read(currentTarget)
    if (isWhole) $store.set(value)
    else $store.setKey(key, value)
    // The store may have made something else of it
    value = $store.get()
    write(currentTarget, isWhole ? value : value[key])
  }
  let list = find(elements)
  let unbind = bind(list, $store, key, write)
  let refs = list.map(element => {
    element.addEventListener('input', hear)
    return new WeakRef(element)
  })
  return () => {
    unbind()
    for (let ref of refs) ref.deref()?.removeEventListener('input', hear)
  }
}
