// Alpine: two directives and a magic that bring a store into the markup, and a helper for
// Alpine.data(). Alpine is an argument, for a page may have it from a <script> of its own.

function check(store, name, taker) {
  if (typeof store?.listen === 'function') return
  throw new TypeError(`Lagoon: ${name} is not a store. Give ${taker} an atom, a map or a computed`)
}

// Alpine's effects depend on a count of changes, not on the value, of which Alpine would make a view.
// So what they read is the value itself, and that is what they pass on, to a store perhaps.
function countChanges(Alpine) {
  const changes = Alpine.reactive({ count: 0 })
  let count = 0
  return {
    depend: () => void changes.count,
    change() {
      changes.count = ++count
    }
  }
}

const toCamelCase = name => name?.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())

// Adds a directive that makes a store a variable of an element: `read` and `write` say how.
function addDirective(Alpine, directive, { read, write }) {
  const bind = (el, { expression, modifiers, original, value }, utilities) => {
    const { cleanup, effect, evaluateLater } = utilities
    const name = modifiers.includes('camel') ? toCamelCase(value) : value
    const { depend, change } = countChanges(Alpine)
    let store
    let unbind = () => {}
    let isGone = false

    function follow(next) {
      if (!name) throw new Error(`Lagoon: ${original} names no variable. Write ${original}:name`)
      check(next, expression, original)
      if (next === store || isGone) return
      const old = unbind
      unbind = next.listen(change)
      store = next
      old()
      change()
    }

    // Before the variable is there: the expression may use an outer one of the same name
    const evaluate = evaluateLater(expression)
    const scope = {
      get [name]() {
        depend()
        return store && read(store)
      },
      set [name](value) {
        write(store, Alpine.raw(value), name)
      }
    }
    cleanup(Alpine.addScopeToNode(el, scope))
    effect(() => evaluate(value => follow(Alpine.raw(value))))
    cleanup(() => {
      isGone = true
      unbind()
    })
  }
  // So that the other directives of the element have the variable
  Alpine.directive(directive, bind).before('bind')
}

export function directivePlugin(Alpine) {
  addDirective(Alpine, 'nano', {
    read: store => store.get(),
    write(store, value, name) {
      throw new TypeError(
        `Lagoon: ${name} can't be written here. Write to the store, or bind it with x-nano-model`
      )
    }
  })
}

// The value of a map, which passes on what is written to its keys.
const writable = map =>
  new Proxy(map.get(), {
    set(_, key, value) {
      map.setKey(key, value)
      return true
    }
  })

export function modelDirectivePlugin(Alpine) {
  addDirective(Alpine, 'nano-model', {
    read: store => (store.setKey ? writable(store) : store.get()),
    write: (store, value) => store.set(value)
  })
}

export function magicPlugin(Alpine) {
  // For each element its stores, and how to depend on each.
  const followed = new WeakMap()

  Alpine.magic('nano', (el, { cleanup }) => value => {
    const store = Alpine.raw(value)
    check(store, 'the argument', '$nano')
    if (!followed.has(el)) {
      followed.set(el, new Map())
      cleanup(() => followed.delete(el))
    }
    const stores = followed.get(el)
    if (!stores.has(store)) {
      const { depend, change } = countChanges(Alpine)
      cleanup(store.listen(change))
      stores.set(store, depend)
    }
    stores.get(store)()
    return store.get()
  })
}

export function NanoStores(Alpine) {
  directivePlugin(Alpine)
  modelDirectivePlugin(Alpine)
  magicPlugin(Alpine)
}

export function withStores(stores, factory) {
  const entries = Object.entries(stores)
  for (const [name, store] of entries) check(store, name, 'withStores')

  return function (...args) {
    const values = Object.fromEntries(entries.map(([name, store]) => [name, store.get()]))
    const component = factory.call(this, values, ...args)
    const unbinds = []
    const lifecycle = {
      init() {
        for (const [name, store] of entries) {
          unbinds.push(store.subscribe(value => (this[name] = value)))
        }
        return component.init?.call(this)
      },
      destroy() {
        for (const unbind of unbinds.splice(0)) unbind()
        component.destroy?.call(this)
      }
    }
    // Not by spreading, which would call the getters of the component
    return Object.create(Object.getPrototypeOf(component), {
      ...Object.getOwnPropertyDescriptors(component),
      ...Object.getOwnPropertyDescriptors({ ...values, ...lifecycle })
    })
  }
}
