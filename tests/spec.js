// Plays the scenarios of spec/ on a library with the API of Nano Stores. The format, the operations
// and the lines of a trace are described in spec/README.md.
//
//     node tests/spec.js --record spec/atom.json
//
// plays a file on the published Nano Stores and writes the traces into it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

// A mistake of the scenario, not of the library that it is played on.
export class BadScenario extends Error {}

// What a function of the scenario throws: its message may stand in the trace.
class Thrown extends Error {}

const bad = text => {
  throw new BadScenario(text)
}

// Values

const isObject = value => value !== null && typeof value === 'object'

const showKey = key => (/^\w+$/.test(key) ? key : `'${key}'`)

export const show = value => {
  if (typeof value === 'string') return `'${value}'`
  if (Object.is(value, -0)) return '-0'
  if (Array.isArray(value)) return `[${Array.from(value, show).join(', ')}]`
  if (!isObject(value)) return String(value)
  const keys = Object.keys(value).sort()
  return keys.length
    ? `{ ${keys.map(key => `${showKey(key)}: ${show(value[key])}`).join(', ')} }`
    : '{}'
}

// Arguments that were not given and arguments that are undefined are the same, but for the first.
const showAll = values => {
  let { length } = values
  while (length > 1 && values[length - 1] === undefined) length--
  return `(${values.slice(0, length).map(show).join(', ')})`
}

const LITERALS = { undefined, null: null, true: true, false: false, NaN, Infinity }

// The value that a text stands for; `find` gives what `@name` stands for.
export const read = (text, find) => {
  const tokens = text.match(/'[^']*'|[@\w.-]+|[^ ]/g) ?? []
  const isNext = token => tokens[0] === token && tokens.shift()

  const items = (end, add) => {
    while (!isNext(end)) {
      add()
      if (tokens[0] !== end && !isNext(',')) bad(`no value: ${text}`)
    }
  }
  const unquote = token => (token.startsWith("'") ? token.slice(1, -1) : token)

  const value = () => {
    if (isNext('[')) {
      const list = []
      items(']', () => list.push(value()))
      return list
    }
    if (isNext('{')) {
      const object = {}
      items('}', () => {
        const key = unquote(tokens.shift() ?? '')
        if (!isNext(':')) bad(`no value: ${text}`)
        object[key] = value()
      })
      return object
    }
    const token = tokens.shift() ?? ''
    if (token.startsWith("'")) return unquote(token)
    if (token.startsWith('@')) return find(token.slice(1))
    if (token in LITERALS) return LITERALS[token]
    return /^-?(\d|Infinity$)/.test(token) && !isNaN(token)
      ? Number(token)
      : bad(`no value: ${text}`)
  }

  const result = value()
  return tokens.length ? bad(`no value: ${text}`) : result
}

// Functions

const numbersIn = value =>
  typeof value === 'number'
    ? [value]
    : isObject(value)
      ? Object.values(value).flatMap(numbersIn)
      : []

const total = values => values.flatMap(numbersIn).reduce((sum, n) => sum + n, 0)

const failing = (sum, isFailure) => {
  if (isFailure) throw new Thrown(`got ${sum}`)
  return sum
}

const FUNCTIONS = {
  above: (values, n) => total(values) > n,
  always: (values, n) => n,
  atMost: (values, n) => Math.min(n, total(values)),
  below: (values, n) => total(values) < n,
  even: values => total(values) % 2 === 0,
  failsAt: (values, n) => failing(total(values), total(values) === n),
  failsEvery: (values, n) => failing(total(values), total(values) % n === n - 1),
  first: values => values[0],
  half: values => Math.floor(total(values) / 2),
  is: (values, n) => total(values) === n,
  join: values => values.map(v => (typeof v === 'string' ? v : show(v))).join(' '),
  length: ([value]) => value.length ?? Object.keys(value).length,
  list: values => values,
  nothing: () => undefined,
  odd: values => total(values) % 2 === 1,
  pick: values => values[1],
  parity: values => total(values) % 2,
  plus: (values, n) => total(values) + n,
  product: values => values.flatMap(numbersIn).reduce((product, n) => product * n, 1),
  sum: total,
  times: (values, n) => total(values) * n
}

const findFunction = name => {
  const [, word, n] = /^([a-zA-Z]*)(\d*)$/.exec(name) ?? []
  if (name.startsWith('.')) return ([value]) => value[name.slice(1)]
  if (!Object.hasOwn(FUNCTIONS, word)) bad(`no function ${name}`)
  return values => FUNCTIONS[word](values, Number(n))
}

const EQUALITIES = {
  alike: (a, b) => show(a) === show(b),
  always: () => true,
  fails: () => {
    throw new Thrown('not comparable')
  },
  never: () => false,
  parity: (a, b) => typeof a === 'number' && typeof b === 'number' && a % 2 === b % 2
}

const findEquality = name => EQUALITIES[name] ?? bad(`no equality ${name}`)

// Operations

// What follows the name of an operation: `new` is a name that it gives to a store, `store` such a
// name, `word` anything else, `value` the whole rest, `as` a name for a function of the scenario. With
// * there may be any number of them, with ? one or none.
const PATTERNS = {
  abort: '',
  add: 'store value',
  allTasks: 'as',
  atom: 'new value?',
  batched: 'new function store*',
  chain: 'new word store',
  cleanStores: 'store*',
  cleanTasks: '',
  cleanUp: '',
  computed: 'new function store*',
  create: 'new store word*',
  deepMap: 'new value?',
  destroy: '',
  effect: 'store* as',
  endTask: 'word',
  eq: 'store equality',
  eqKey: 'store equality',
  fail: 'word',
  finish: 'word',
  get: 'store',
  getKey: 'store word',
  if: 'function',
  keepMount: 'store',
  let: 'word value',
  listen: 'store as',
  listenKeys: 'store word* as',
  map: 'new value?',
  mapCreator: 'new',
  onMount: 'store as',
  onNotify: 'store as',
  onSet: 'store as',
  onStart: 'store as',
  onStop: 'store as',
  same: 'store store',
  set: 'store value',
  setKey: 'store word value',
  show: 'store*',
  startTask: 'word',
  subscribe: 'store as',
  subscribeKeys: 'store word* as',
  task: 'word',
  throw: 'word*',
  tick: 'word',
  times: 'word',
  tracked: 'new function store*',
  trackedEffect: 'store* as',
  unbind: 'word word?'
}

const BLOCKS = ['batch', 'try']

const parseOperation = text => {
  const [verb] = text.split(' ', 1)
  if (!Object.hasOwn(PATTERNS, verb)) bad(`no operation: ${text}`)
  const kinds = PATTERNS[verb].split(' ').filter(Boolean)
  const operation = { verb, text, kinds: [] }

  let rest = text.slice(verb.length + 1)
  if (kinds.at(-1)?.startsWith('value')) {
    const isOptional = kinds.pop() === 'value?'
    operation.words = rest.split(' ', kinds.length)
    operation.value = rest.slice(operation.words.join(' ').length).trim()
    if (!operation.value && !isOptional) bad(`no value: ${text}`)
  } else {
    operation.words = rest.split(/[ (),=]+/).filter(Boolean)
  }
  const { words } = operation
  if (kinds.at(-1) === 'as') {
    kinds.pop()
    operation.callback = words.pop()
    operation.isNew = words.at(-1) === 'new' && Boolean(words.pop())
    if (words.pop() !== 'as') bad(`no name: ${text}`)
  }

  for (const word of words) {
    const kind = kinds[0] ?? bad(`too many words: ${text}`)
    operation.kinds.push(kind.replace(/[*?]/, ''))
    if (kind === 'function') findFunction(word)
    if (kind === 'equality') findEquality(word)
    if (!kind.endsWith('*')) kinds.shift()
  }
  if (kinds.some(kind => !/[*?]/.test(kind))) bad(`too few words: ${text}`)
  return operation
}

const parseBlock = ([verb, ...inner]) =>
  BLOCKS.includes(verb) ? { verb, inner: inner.map(parse) } : bad(`no block: ${verb}`)

const parsed = new Map()

const parse = operation => {
  if (typeof operation !== 'string') return parseBlock(operation)
  if (!parsed.has(operation)) parsed.set(operation, parseOperation(operation))
  return parsed.get(operation)
}

const flatten = operations => operations.flatMap(op => [op, ...flatten(op.inner ?? [])])

const wordsOfKind = ({ words = [], kinds }, kind) => words.filter((word, i) => kinds[i] === kind)

// The operation of a step: it stands first in a list, or by its name in an object.
export const operationOf = step => (Array.isArray(step) ? step[0] : step.do)

// The scenario with its operations taken apart. Throws if it says something that can't be.
const compile = scenario => {
  const program = {
    stores: (scenario.stores ?? []).map(parse),
    steps: scenario.steps.map(step => parse(operationOf(step))),
    bodies: new Map()
  }
  for (const [name, body] of Object.entries(scenario.bodies ?? {})) {
    program.bodies.set(name, body.map(parse))
  }

  const all = flatten([...program.stores, ...program.steps, ...[...program.bodies.values()].flat()])
  const made = new Set(['it', ...all.flatMap(op => wordsOfKind(op, 'new'))])
  for (const op of all) {
    const unknown = wordsOfKind(op, 'store').find(name => !made.has(name))
    if (unknown) bad(`no store ${unknown}: ${op.text}`)
  }
  return program
}

// Time

// A clock that only moves when it is told to.
const fakeTime = () => {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  let now = 0
  let id = 0
  let timers = []
  globalThis.setTimeout = (fn, ms = 0, ...args) => {
    timers.push({ id: ++id, at: now + ms, fn: () => fn(...args) })
    return id
  }
  globalThis.clearTimeout = which => {
    timers = timers.filter(timer => timer.id !== which)
  }
  return {
    tick(ms, fails) {
      const end = now + ms
      for (let i = 0; i < 10_000; i++) {
        const due = timers
          .filter(timer => timer.at <= end)
          .sort((a, b) => a.at - b.at || a.id - b.id)[0]
        if (!due) break
        timers.splice(timers.indexOf(due), 1)
        now = due.at
        try {
          due.fn()
        } catch (e) {
          fails(e)
        }
      }
      now = end
    },
    restore() {
      Object.assign(globalThis, real)
    }
  }
}

const silence = () => {
  const { console } = globalThis
  globalThis.console = { ...console, groupCollapsed() {}, trace() {}, groupEnd() {}, warn() {} }
  return () => {
    globalThis.console = console
  }
}

// Playing

// So many bodies are performed in one scenario, so that each comes to its end.
const MANY_BODIES = 150

// What an operation returns when the rest of the body is left out.
const STOP = Symbol('stop')

// What a task that fails is rejected with.
const FAILED = Symbol('failed')

const createWorld = (program, library, tell, time) => {
  const stores = new Map()
  const values = new Map()
  const functions = new Map()
  const registrations = new Map()
  const tasks = new Map()
  const calls = new Map()
  let bodies = 0
  let fault

  const listOf = (map, name) => map.get(name) ?? map.set(name, []).get(name)

  const tellError = error => {
    if (error instanceof BadScenario) fault ??= error
    const text = error instanceof Thrown ? error.message : error === undefined ? 'undefined' : ''
    tell(`throws ${text}`.trim())
  }

  // What a function of the scenario does when it is called.
  const act = (name, context) => {
    calls.set(name, (calls.get(name) ?? 0) + 1)
    const body = program.bodies.get(name)
    if (body && bodies++ < MANY_BODIES) performAll(body, { ...context, name })
    return context.returns
  }

  const call = (kind, name, args, context) => {
    tell(`${kind} ${name} ${args.length ? showAll(args) : '()'}`)
    return act(name, { args, returns: {}, ...context }).fn
  }

  const listener = ({ callback: name, isNew }) => {
    const fn = (...args) => void call('call', name, args)
    if (isNew) return fn
    if (!functions.has(name)) functions.set(name, fn)
    return functions.get(name)
  }

  const register = (name, unbind) => {
    listOf(registrations, name).push(unbind)
  }

  const onEvent = (op, context) =>
    register(
      op.callback,
      library[op.verb](storeOf(op.words[0], context), ({ abort, shared, ...details }) => {
        const args = [details.newValue ?? details.oldValue, details.changed]
        const order = (shared.calls = (shared.calls ?? 0) + 1)
        tell(
          `${op.verb} ${op.callback} ${abort ? showAll(args) : '()'}` +
            (order > 1 ? ` shared ${order}` : '')
        )
        return act(op.callback, { args, abort, returns: {} }).fn
      })
    )

  const storeOf = (name, context) =>
    (name === 'it' ? context.it : stores.get(name)) ?? bad(`no store ${name} yet`)

  const valueOf = (op, context) =>
    op.value === ''
      ? undefined
      : read(op.value, name =>
          /^\d+$/.test(name)
            ? context.args[name - 1]
            : values.has(name)
              ? values.get(name)
              : bad(`no value @${name}`)
        )

  const make = (name, $store) => {
    stores.set(name, $store)
  }

  // The function of a computed, which gets the values of its sources.
  const deriving = (name, functionName) => {
    const fn = findFunction(functionName)
    return (...args) => {
      let result, error
      try {
        result = fn(args)
      } catch (e) {
        error = e
      }
      const end = error ? `throws ${error.message}` : `= ${show(result)}`
      tell(`computed ${name} ${args.length ? showAll(args) : '()'} ${end}`)
      act(name, { args, returns: {} })
      if (error) throw error
      return result
    }
  }

  const derive = ({ verb, words: [name, functionName, ...sources] }, context) => {
    const from = sources.map(source => storeOf(source, context))
    make(name, library[verb](from.length === 1 ? from[0] : from, deriving(name, functionName)))
  }

  // The stores that a tracked function reads. `pick` decides by the first which other one.
  const readAll = (from, functionName) => {
    if (functionName !== 'pick') return from.map($store => $store.get())
    const isFirst = from[0].get()
    return [isFirst, from[isFirst === true ? 1 : 2].get()]
  }

  const returnFunction = (word, { name, returns }) => {
    returns.fn = () => {
      tell(`${word} ${name}`)
      act(`${word} ${name}`, { args: [], returns: {} })
    }
  }

  const operations = {
    abort(op, context) {
      context.abort ? context.abort() : bad('nothing to abort')
    },
    add({ words: [name], ...op }, context) {
      const $store = storeOf(name, context)
      $store.set($store.value + valueOf(op, context))
    },
    allTasks({ callback: name }) {
      library.allTasks().then(() => call('call', name, []))
    },
    atom(op, context) {
      make(op.words[0], library.atom(valueOf(op, context)))
    },
    batch({ inner }, context) {
      library.batch(() => performAll(inner, context))
    },
    batched: derive,
    chain({ words: [name, length, source] }, context) {
      let $last = storeOf(source, context)
      for (let i = 0; i < Number(length); i++) $last = library.computed($last, value => value + 1)
      make(name, $last)
    },
    cleanStores({ words }, context) {
      library.cleanStores(...words.map(name => storeOf(name, context)))
    },
    cleanTasks() {
      library.cleanTasks()
    },
    cleanUp(op, context) {
      returnFunction('cleanUp', context)
    },
    computed: derive,
    create({ words: [name, creator, ...args] }, context) {
      make(name, storeOf(creator, context)(...args))
    },
    deepMap(op, context) {
      make(op.words[0], library.deepMap(valueOf(op, context)))
    },
    destroy(op, context) {
      returnFunction('destroy', context)
    },
    effect({ words, callback: name }, context) {
      const from = words.map(word => storeOf(word, context))
      register(
        name,
        library.effect(from.length === 1 ? from[0] : from, (...args) => call('effect', name, args))
      )
    },
    endTask({ words: [name] }) {
      tasks.get(name)()
    },
    eq({ words: [name, equality] }, context) {
      storeOf(name, context).eq = findEquality(equality)
    },
    eqKey({ words: [name, equality] }, context) {
      storeOf(name, context).eqKey = findEquality(equality)
    },
    fail({ words: [name] }) {
      tasks.get(name).reject(FAILED)
    },
    finish({ words: [name] }) {
      tasks.get(name).resolve()
    },
    get({ words: [name] }, context) {
      const value = storeOf(name, context).get()
      tell(`get ${name} = ${show(value)}`)
    },
    getKey({ words: [name, key] }, context) {
      tell(`getKey ${name} ${key} = ${show(library.getKey(storeOf(name, context), key))}`)
    },
    if({ words: [predicate] }, { args }) {
      return findFunction(predicate)(args.slice(0, 1)) === true ? undefined : STOP
    },
    keepMount({ words: [name] }, context) {
      library.keepMount(storeOf(name, context))
    },
    let(op, context) {
      values.set(op.words[0], valueOf(op, context))
    },
    listen(op, context) {
      register(op.callback, storeOf(op.words[0], context).listen(listener(op)))
    },
    listenKeys(op, context) {
      const [name, ...keys] = op.words
      register(op.callback, library.listenKeys(storeOf(name, context), keys, listener(op)))
    },
    map(op, context) {
      make(op.words[0], library.map(valueOf(op, context)))
    },
    mapCreator({ words: [name] }) {
      make(
        name,
        library.mapCreator(($map, ...args) => call('init', name, args, { it: $map }))
      )
    },
    onMount: onEvent,
    onNotify: onEvent,
    onSet: onEvent,
    onStart: onEvent,
    onStop: onEvent,
    same({ words: [a, b] }, context) {
      tell(`same ${a} ${b} = ${storeOf(a, context) === storeOf(b, context)}`)
    },
    set(op, context) {
      storeOf(op.words[0], context).set(valueOf(op, context))
    },
    setKey(op, context) {
      storeOf(op.words[0], context).setKey(op.words[1], valueOf(op, context))
    },
    show({ words }, context) {
      const names = words.length ? words : [...stores.keys()]
      const shown = names.map(name => {
        const { value, lc } = storeOf(name, context)
        return `${name} = ${show(value)} lc ${lc}`
      })
      tell(`show ${shown.join(', ')}`)
    },
    startTask({ words: [name] }) {
      tasks.set(name, library.startTask())
    },
    subscribe(op, context) {
      register(op.callback, storeOf(op.words[0], context).subscribe(listener(op)))
    },
    subscribeKeys(op, context) {
      const [name, ...keys] = op.words
      register(op.callback, library.subscribeKeys(storeOf(name, context), keys, listener(op)))
    },
    task({ words: [name] }) {
      const promise = library.task(() => {
        call('call', name, [])
        return new Promise((resolve, reject) => tasks.set(name, { resolve, reject })).then(() => {
          act(`finish ${name}`, { args: [], returns: {} })
        })
      })
      promise.catch(error => error === FAILED || tellError(error))
    },
    throw({ words }) {
      const message = words.join(' ')
      throw message === 'undefined' ? undefined : new Thrown(message)
    },
    tick({ words: [ms] }) {
      time.tick(Number(ms), tellError)
    },
    times({ words: [n] }, { name }) {
      return calls.get(name) <= Number(n) ? undefined : STOP
    },
    tracked({ words: [name, functionName, ...sources] }, context) {
      const from = sources.map(source => storeOf(source, context))
      const fn = deriving(name, functionName)
      make(
        name,
        library.computed(() => fn(...readAll(from, functionName)))
      )
    },
    trackedEffect({ words, callback: name }, context) {
      const from = words.map(word => storeOf(word, context))
      register(
        name,
        library.effect(() => call('effect', name, readAll(from)))
      )
    },
    try({ inner }, context) {
      attempt(() => performAll(inner, context))
    },
    unbind({ words: [name, n = 1] }) {
      registrations.get(name)?.[n - 1]?.()
    }
  }

  const performAll = (list, context) => {
    for (const op of list) if (operations[op.verb](op, context) === STOP) return
  }

  const attempt = fn => {
    try {
      fn()
    } catch (error) {
      tellError(error)
    }
  }

  return {
    perform(op) {
      attempt(() => performAll([op], { args: [], returns: {} }))
    },
    check() {
      if (fault) throw fault
    },
    // Nothing stays in the engine, where a hundred thousand programs would fill the memory
    end() {
      for (const $store of stores.values()) attempt(() => library.cleanStores($store))
    }
  }
}

// Plays a scenario step by step, and gives the trace at each yield that it has by then.
const steps = function* (scenario, library) {
  const program = compile(scenario)
  const unsilence = silence()
  const time = fakeTime()
  let trace
  let world
  try {
    library.cleanTasks()
    world = createWorld(program, library, line => trace.push(line), time)
    const traces = [(trace = [])]
    for (const op of program.stores) world.perform(op)
    world.check()
    if (trace.length) bad(`making the stores leaves a trace: ${trace[0]}`)
    traces.pop()

    for (const op of program.steps) {
      traces.push((trace = []))
      world.perform(op)
      yield
      world.check()
    }
    return traces
  } finally {
    trace = []
    world?.end()
    time.restore()
    unsilence()
  }
}

/** Plays a scenario that needs no promises. Returns the lines of the trace, a list for each step. */
export const playAtOnce = (scenario, library) => {
  const playing = steps(scenario, library)
  for (;;) {
    const { done, value } = playing.next()
    if (done) return value
  }
}

/** Plays a scenario, waiting for all promises after each step. Returns a list of lines for each. */
export const play = async (scenario, library) => {
  const playing = steps(scenario, library)
  for (;;) {
    const { done, value } = playing.next()
    if (done) return value
    await setImmediate()
  }
}

/** The trace that a scenario expects on a surface: 'js', 'c' or 'nanostores'. */
export const expectedTrace = (scenario, surface) =>
  scenario.steps.map(step =>
    Array.isArray(step) ? step.slice(1) : step[surface === 'nanostores' ? surface : 'lagoon']
  )

const folder = new URL('../spec/', import.meta.url)

/** All files of spec/, with their scenarios. */
export const readFiles = () =>
  readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => ({ name, ...JSON.parse(readFileSync(new URL(name, folder))) }))

// Recording

const record = async path => {
  const prettier = await import('prettier')
  const nanostores = await import('nanostores')
  const lagoon = await import('../js/index.js')
  const file = JSON.parse(readFileSync(path))
  for (const scenario of file.scenarios) {
    const theirs = scenario.not?.nanostores ? null : await play(scenario, nanostores)
    const ours = scenario.not?.js ? null : await play(scenario, lagoon)
    scenario.steps = scenario.steps.map((step, i) => {
      const operation = operationOf(step)
      const isSame = !ours || !theirs || show(theirs[i]) === show(ours[i])
      if (!isSame && scenario.difference) {
        return { do: operation, lagoon: ours[i], nanostores: theirs[i] }
      }
      if (!isSame) {
        process.exitCode = 1
        console.log(`${scenario.name}: ${JSON.stringify(operation)} differs on Lagoon:`)
        console.log(`  Nano Stores: ${theirs[i].join('; ')}\n  Lagoon: ${ours[i].join('; ')}`)
      }
      return [operation, ...(theirs ?? ours)[i]]
    })
  }
  const options = await prettier.resolveConfig(path)
  writeFileSync(path, await prettier.format(JSON.stringify(file), { ...options, filepath: path }))
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  const [flag, ...paths] = process.argv.slice(2)
  if (flag !== '--record' || !paths.length) {
    console.error(`node ${fileURLToPath(import.meta.url)} --record FILE...`)
    process.exitCode = 2
  } else {
    for (const path of paths) await record(path)
  }
}
