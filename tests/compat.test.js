// Unmodified packages that were written for Nano Stores do the main example of their README on Lagoon:
// every import of `nanostores` gets Lagoon, as after `npm i nanostores@npm:lagoon`.
import './dom.js'

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { registerHooks } from 'node:module'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { transformAsync } from '@babel/core'
import { addElement, until } from './dom.js'
import { importText, replacePackage, resolveAsBrowser } from './frameworks.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = new URL('../js/index.js', import.meta.url).href

// Who imported nanostores, and what they got
const importers = new Map()
replacePackage('nanostores', 'lagoon')
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const [, name] = /\/(@nanostores\/[\w-]+)\//.exec(context.parentURL ?? '') ?? []
    if (specifier === 'nanostores' && name) {
      importers.set(name, [...(importers.get(name) ?? []), resolved.url])
    }
    return resolved
  }
})
resolveAsBrowser()

// jsdom's window is not the global object
globalThis.addEventListener = window.addEventListener.bind(window)

const lagoon = await import('nanostores')
const { allTasks, atom, cleanStores, computed, keepMount, map, mapCreator, task } = lagoon

const modules = {}
const NAMES = ['react', 'preact', 'vue', 'solid', 'lit', 'persistent', 'router', 'query']
NAMES.push('i18n', 'logger', 'deepmap', 'async', 'media-query')
before(async () => {
  for (const name of NAMES) modules[name] = await import(`@nanostores/${name}`)
})

const seen = $store => {
  const values = []
  const unbind = $store.subscribe(value => values.push(value))
  return { values, unbind }
}

test('every one of them got Lagoon', () => {
  assert.deepEqual(
    [...importers.keys()].sort(),
    // These bindings take the stores as they get them
    NAMES.filter(name => !['vue', 'solid', 'lit'].includes(name))
      .map(name => `@nanostores/${name}`)
      .sort()
  )
  for (const [name, urls] of importers) {
    for (const url of urls) assert.equal(url, entry, name)
  }
})

// A project as npm makes it with the alias: package.json, and the packages side by side
const project = `${root}build/compat/`

const manifest = JSON.parse(readFileSync(`${root}js/package.json`, 'utf8'))

const install = version => {
  rmSync(project, { recursive: true, force: true })
  const home = `${project}node_modules/nanostores/`
  mkdirSync(home, { recursive: true })
  writeFileSync(`${home}package.json`, JSON.stringify({ ...manifest, version }))
  for (const file of readdirSync(`${root}js`)) {
    if (/^[\w-]+\.(js|wasm)$/.test(file)) copyFileSync(`${root}js/${file}`, home + file)
  }
  const dependencies = { nanostores: 'npm:lagoon@*' }
  for (const name of NAMES.map(name => `@nanostores/${name}`)) {
    dependencies[name] = '*'
    cpSync(`${root}node_modules/${name}`, `${project}node_modules/${name}`, { recursive: true })
  }
  writeFileSync(`${project}package.json`, JSON.stringify({ type: 'module', dependencies }))
}

// What npm thinks of the packages that want nanostores
const npmList = () => {
  const options = { cwd: project, encoding: 'utf8', timeout: 30_000 }
  const { stdout } = spawnSync('npm', ['ls', 'nanostores', '--json'], options)
  const { problems = [], dependencies } = JSON.parse(stdout)
  return { dependencies, invalid: problems.filter(text => text.startsWith('invalid: nanostores@')) }
}

const STORES = `
  import { persistentAtom } from '@nanostores/persistent'
  import { fromMediaQuery } from '@nanostores/media-query'
  import { deepMap } from '@nanostores/deepmap'
  const stores = [persistentAtom('a', ''), fromMediaQuery(''), deepMap({})]
  console.log(stores.map($store => 'node' in $store ? 'Lagoon' : 'Nano Stores').join())`

const storesIn = cwd =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', STORES], {
    cwd,
    encoding: 'utf8',
    timeout: 30_000
  }).trim()

test('in a project with the alias, npm is content and the packages get Lagoon', () => {
  install(manifest.version)
  const { dependencies, invalid } = npmList()
  assert.deepEqual(invalid, [])
  for (const name of NAMES) {
    const { nanostores } = dependencies[`@nanostores/${name}`].dependencies
    assert.equal(nanostores.version, manifest.version, name)
  }
  assert.equal(storesIn(project), 'Lagoon,Lagoon,Lagoon')
  assert.equal(storesIn(root), 'Nano Stores,Nano Stores,Nano Stores')
})

test('npm refuses it under a version that they do not know', () => {
  install('0.1.0')
  assert.equal(npmList().invalid.length, 1)
})

test('@nanostores/react', async () => {
  const { act, createElement: h } = await import('react')
  const { createRoot } = await import('react-dom/client')
  const { useStore } = modules.react
  globalThis.IS_REACT_ACT_ENVIRONMENT = true

  const $profile = map({ name: 'Ann', age: 30 })
  let draws = 0
  const Header = () => {
    draws++
    const profile = useStore($profile, { keys: ['name'] })
    return h('header', null, `Hi, ${profile.name}`)
  }
  const element = addElement()
  const page = createRoot(element)
  await act(() => page.render(h(Header)))
  assert.equal(element.innerHTML, '<header>Hi, Ann</header>')
  assert.equal($profile.lc, 1)

  await act(() => $profile.setKey('name', 'Bea'))
  assert.equal(element.innerHTML, '<header>Hi, Bea</header>')
  const before = draws
  await act(() => $profile.setKey('age', 31))
  assert.equal(draws, before)

  await act(() => page.unmount())
  assert.equal($profile.lc, 0)
})

test('@nanostores/preact', async () => {
  const { createElement: h, render } = await import('preact')
  const { useStore } = modules.preact

  const $profile = map({ name: 'Ann' })
  const Header = () => h('header', null, useStore($profile).name)
  const element = addElement()
  render(h(Header), element)
  assert.equal(element.innerHTML, '<header>Ann</header>')
  await until(() => assert.equal($profile.lc, 1))

  $profile.setKey('name', 'Bea')
  await until(() => assert.equal(element.innerHTML, '<header>Bea</header>'))

  render(null, element)
  assert.equal($profile.lc, 0)
})

test('@nanostores/vue', async () => {
  const { createApp, h, nextTick, vModelText, withDirectives } = await import('vue')
  const { mapStores, useStore, useVModel } = modules.vue

  const $profile = map({ name: 'Ann' })
  const $greeting = computed($profile, ({ name }) => `Hi, ${name}`)
  const app = createApp({
    setup() {
      const greeting = useStore($greeting)
      const { profile } = mapStores({ profile: $profile })
      const name = useVModel($profile, 'name')
      const update = value => (name.value = value)
      const field = h('input', { 'onUpdate:modelValue': update })
      return () => [
        h('header', [greeting.value, profile.name.length]),
        withDirectives(field, [[vModelText, name.value]])
      ]
    }
  })
  const element = addElement()
  app.mount(element)
  assert.equal(element.querySelector('header').textContent, 'Hi, Ann3')

  const input = element.querySelector('input')
  input.value = 'Beate'
  input.dispatchEvent(new window.Event('input'))
  await nextTick()
  assert.deepEqual($profile.get(), { name: 'Beate' })
  assert.match(element.querySelector('header').textContent, /^Hi, Beate/)

  app.unmount()
  assert.deepEqual([$profile.lc, $greeting.lc], [1, 0], 'the computed listens for the delay')
})

test('@nanostores/solid', async () => {
  const { createComponent, render } = await import('solid-js/web')
  const { code } = await transformAsync(
    'export default props => <h1>{props.useStore(props.store)()} around here</h1>',
    {
      babelrc: false,
      configFile: false,
      presets: [['babel-preset-solid', { generate: 'dom', hydratable: true }]]
    }
  )
  const { default: Counter } = await importText(code)

  const $counter = atom(0)
  const element = addElement()
  const { useStore } = modules.solid
  const dispose = render(() => createComponent(Counter, { store: $counter, useStore }), element)
  assert.equal(element.textContent, '0 around here')
  $counter.set($counter.get() + 1)
  assert.equal(element.textContent, '1 around here')

  dispose()
  assert.equal($counter.lc, 0)
})

test('@nanostores/lit', async () => {
  const { html, LitElement } = await import('lit')
  const { StoreController, useStores, withStores } = modules.lit
  const profile = map({ userId: 'ann' })
  const draw = () => html`<header>${profile.get().userId}</header>`

  const classes = {
    'by-decorator': useStores(profile)(
      class extends LitElement {
        render = draw
      }
    ),
    'by-mixin': class extends withStores(LitElement, [profile]) {
      render = draw
    },
    'by-controller': class extends LitElement {
      controller = new StoreController(this, profile)

      render() {
        return html`<header>${this.controller.value.userId}</header>`
      }
    }
  }
  const elements = Object.entries(classes).map(([name, Class]) => {
    customElements.define(name, Class)
    return document.body.appendChild(new Class())
  })
  const texts = async () => {
    await Promise.all(elements.map(element => element.updateComplete))
    return elements.map(element => element.shadowRoot.textContent)
  }
  assert.deepEqual(await texts(), ['ann', 'ann', 'ann'])
  profile.setKey('userId', 'bea')
  assert.deepEqual(await texts(), ['bea', 'bea', 'bea'])
  for (const element of elements) element.remove()
  assert.equal(profile.lc, 0)
})

// What another tab does to the storage that both share
const inAnotherTab = (key, newValue) => {
  if (newValue === null) localStorage.removeItem(key)
  else localStorage.setItem(key, newValue)
  window.dispatchEvent(new StorageEvent('storage', { key, newValue }))
}

test('@nanostores/persistent keeps a value in the storage and follows other tabs', () => {
  const { persistentAtom } = modules.persistent
  localStorage.setItem('locale', 'ru')
  const $locale = persistentAtom('locale', 'en')
  const { values, unbind } = seen($locale)
  $locale.set('fr')
  assert.equal(localStorage.getItem('locale'), 'fr')
  inAnotherTab('locale', 'de')
  inAnotherTab('other', 'it')
  inAnotherTab('locale', null)
  assert.deepEqual(values, ['ru', 'fr', 'de', 'en'])
  unbind()
})

test('@nanostores/persistent stores values by key, and as JSON', () => {
  const { persistentBoolean, persistentJSON, persistentMap } = modules.persistent
  const $settings = persistentMap('settings:', { sidebar: 'show', theme: 'auto' })
  const { values, unbind } = seen($settings)
  $settings.setKey('sidebar', 'hide')
  assert.equal(localStorage.getItem('settings:sidebar'), 'hide')
  inAnotherTab('settings:theme', 'dark')
  inAnotherTab('settings:sidebar', null)
  assert.deepEqual(values, [
    { sidebar: 'show', theme: 'auto' },
    { sidebar: 'hide', theme: 'auto' },
    { sidebar: 'hide', theme: 'dark' },
    { theme: 'dark' }
  ])
  unbind()

  const $draft = persistentJSON('draft', [])
  keepMount($draft)
  $draft.set([...$draft.get(), { id: 1 }])
  assert.equal(localStorage.getItem('draft'), '[{"id":1}]')
  inAnotherTab('draft', '[2]')
  assert.deepEqual($draft.get(), [2])

  const $isOpen = persistentBoolean('open')
  keepMount($isOpen)
  $isOpen.set(true)
  assert.equal(localStorage.getItem('open'), 'yes')
})

test('@nanostores/persistent can be tested without a storage', () => {
  const { persistent } = modules
  persistent.useTestStorageEngine()
  const $locale = persistent.persistentAtom('language', 'en')
  keepMount($locale)
  persistent.setTestStorageKey('language', 'ru')
  assert.equal($locale.get(), 'ru')
  $locale.set('fr')
  assert.deepEqual(persistent.getTestStorage(), { language: 'fr' })
  persistent.cleanTestStorage()
  cleanStores($locale)
  assert.equal($locale.lc, 0)
  persistent.setPersistentEngine(localStorage, persistent.windowPersistentEvents)
})

test('@nanostores/router follows links, the back button, and calls', async () => {
  const { createRouter, getPagePath, openPage, redirectPage } = modules.router
  history.replaceState(null, '', '/')
  const $router = createRouter({
    home: '/',
    list: '/posts/:category',
    post: '/posts/:category/:post'
  })
  const $title = computed($router, page => (page ? [page.route, page.params] : 'not found'))
  const { values, unbind } = seen($title)

  document.body.innerHTML = '<a href="/posts/guides">Guides</a>'
  document.querySelector('a').click()
  assert.equal(location.pathname, '/posts/guides')
  openPage($router, 'post', { category: 'guides', post: '10' })
  assert.equal(location.pathname, '/posts/guides/10')
  history.back()
  await until(() => assert.equal(location.pathname, '/posts/guides'))
  await until(() => assert.equal(values.length, 4))
  $router.open('/nowhere')
  redirectPage($router, 'home')
  assert.deepEqual(values, [
    ['home', {}],
    ['list', { category: 'guides' }],
    ['post', { category: 'guides', post: '10' }],
    ['list', { category: 'guides' }],
    'not found',
    ['home', {}]
  ])
  assert.equal(getPagePath($router, 'list', { category: 'a b' }), '/posts/a%20b')
  unbind()
})

test('@nanostores/query fetches by the values of stores, and mutates', async () => {
  const { nanoquery } = modules.query
  const posts = { '/api/post/1': 'One', '/api/post/2': 'Two' }
  const asked = []
  const [createFetcherStore, createMutatorStore] = nanoquery({
    fetcher: async (...keys) => {
      asked.push(keys.join(''))
      return { content: posts[keys.join('')] }
    }
  })
  const $postId = atom('')
  const $post = createFetcherStore(['/api/post/', $postId])
  const states = []
  const unbind = $post.listen(({ data, loading }) => {
    states.push(loading ? 'loading' : data?.content)
  })

  const wait = text => until(() => assert.equal(states.at(-1), text))
  assert.deepEqual(asked, ['/api/post/'])
  $postId.set('1')
  await wait('One')
  $postId.set('2')
  await wait('Two')
  assert.ok(states.includes('loading'))
  $postId.set('1')
  await wait('One')
  assert.deepEqual(asked.slice(1), ['/api/post/1', '/api/post/2'], 'the last from its cache')

  const $rename = createMutatorStore(async ({ data, getCacheUpdater }) => {
    const [update, post] = getCacheUpdater('/api/post/1', false)
    update({ ...post, content: data })
  })
  keepMount($rename)
  await $rename.mutate('First')
  assert.equal($post.get().data.content, 'First')
  unbind()
})

test('@nanostores/i18n loads translations and draws again for another locale', async () => {
  const { browser, count, createI18n, formatter, localeFrom, params } = modules.i18n
  const $setting = modules.persistent.persistentAtom('language-setting', undefined)
  const $locale = localeFrom($setting, browser({ available: ['en', 'fr', 'ru'], fallback: 'en' }))
  const $format = formatter($locale)
  const asked = []
  const i18n = createI18n($locale, {
    async get(code) {
      asked.push(code)
      return {
        post: {
          title: 'Article',
          published: 'Publié le {at}',
          comments: { one: '{count} commentaire', other: '{count} commentaires' }
        }
      }
    }
  })
  const messages = i18n('post', {
    title: 'Post details',
    published: params('Was published at {at}'),
    comments: count({ one: '{count} comment', other: '{count} comments' })
  })
  const texts = []
  const unbind = messages.subscribe(t => {
    texts.push([t.title, t.published({ at: 'noon' }), t.comments(1), t.comments(2)].join(', '))
  })
  const loading = seen(i18n.loading)

  assert.equal($format.get().number(1.5), '1.5')
  $setting.set('fr')
  await until(() => assert.equal(i18n.loading.get(), false))
  assert.equal($format.get().number(1.5), '1,5')
  $setting.set('en')
  assert.deepEqual(texts, [
    'Post details, Was published at noon, 1 comment, 2 comments',
    'Article, Publié le noon, 1 commentaire, 2 commentaires',
    'Post details, Was published at noon, 1 comment, 2 comments'
  ])
  assert.deepEqual(asked, ['fr'])
  assert.ok(loading.values.includes(true))
  loading.unbind()
  unbind()
})

test('@nanostores/logger logs mounts, changes and actions', () => {
  const { action, buildCreatorLogger, buildLogger } = modules.logger
  const lines = []
  const tell =
    kind =>
    ({ storeName, valueMessage, actionName, changed }) =>
      lines.push([kind, storeName, actionName, changed, valueMessage].filter(Boolean).join(' '))
  const events = {
    mount: tell('mount'),
    unmount: tell('unmount'),
    change: tell('change'),
    action: { start: tell('start'), end: tell('end'), error: tell('error') }
  }

  const $users = map({ count: 1 })
  const end = buildLogger($users, 'users', events)
  const increase = action($users, 'increase', store => {
    store.setKey('count', store.get().count + 1)
  })
  const unbind = $users.listen(() => {})
  $users.setKey('count', 5)
  increase()
  unbind()
  end()
  $users.setKey('count', 7)

  const User = mapCreator()
  const endCreator = buildCreatorLogger(User, 'User', { ...events, build: tell('build') })
  User('ann').listen(() => {})
  endCreator()
  assert.deepEqual(lines, [
    'mount users',
    'change users count 1 → 5',
    'start users increase',
    'change users increase count 5 → 6',
    'end users increase',
    'build User:ann'
  ])
})

test('@nanostores/deepmap writes by path', async () => {
  const { deepMap } = modules.deepmap
  const $store = deepMap({ user: { name: 'Luke', age: 19 }, count: 0, items: [{ id: '1' }] })
  const names = []
  lagoon.listenKeys($store, ['user.name'], value => names.push(value.user.name))
  const copies = computed($store, ({ items }) => items.length)
  const { values } = seen(copies)

  assert.equal($store.getKey('user.name'), 'Luke')
  $store.setKey('count', 1)
  $store.setKey('user.name', 'Leia')
  $store.updateKey('user.age', 42)
  $store.updateKey('items', [{ id: '2' }])
  $store.deleteKey('count')
  assert.deepEqual($store.get(), {
    user: { name: 'Leia', age: 42 },
    items: [{ id: '1' }, { id: '2' }]
  })
  assert.deepEqual(names, ['Leia'])
  assert.deepEqual(values, [1, 2])
})

test('@nanostores/async computes with promises, one after the other', async () => {
  const { computedAsync, computedAsyncNoCascade } = modules.async
  const $slug = atom('acme')
  const $userId = atom(1)
  const calls = []
  const $org = computedAsync($slug, async slug => {
    calls.push(slug)
    if (slug === 'gone') throw new Error('no such organisation')
    return { id: slug.toUpperCase() }
  })
  const $profile = computedAsync([$org, $userId], (org, id) => `${org.id} ${id}`)
  const $state = computedAsyncNoCascade($org, org => org.state)
  for (const $store of [$profile, $state]) keepMount($store)
  assert.deepEqual($profile.get(), { state: 'loading' })

  await allTasks()
  assert.deepEqual($profile.get(), { state: 'ready', changing: false, value: 'ACME 1' })
  $userId.set(2)
  $userId.set(3)
  assert.deepEqual($profile.get(), { state: 'ready', changing: true, value: 'ACME 1' })
  await allTasks()
  assert.equal($profile.get().value, 'ACME 3')
  $slug.set('gone')
  await allTasks()
  assert.equal($profile.get().error.message, 'no such organisation')
  assert.equal($state.get().value, 'failed')
  assert.deepEqual(calls, ['acme', 'gone'])
})

test('@nanostores/media-query follows the window', () => {
  const query = Object.assign(new EventTarget(), { matches: false })
  window.matchMedia = text => (assert.equal(text, '(max-width: 600px)'), query)
  const $isMobile = modules['media-query'].fromMediaQuery('(max-width: 600px)')
  const { values, unbind } = seen($isMobile)
  const resize = matches => {
    query.matches = matches
    query.dispatchEvent(new Event('change'))
  }
  resize(true)
  resize(false)
  assert.deepEqual(values, [false, true, false])
  unbind()
  delete window.matchMedia
})

test('tasks of a package are those that a server waits for', async () => {
  const $value = atom('')
  task(async () => {
    await Promise.resolve()
    $value.set('ready')
  })
  await allTasks()
  assert.equal($value.get(), 'ready')
})
