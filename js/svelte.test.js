// Node resolves Svelte to its server build. The browser's build is imported second, with a resolve hook.

import '../tests/dom.js'

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from 'svelte/compiler'
import { addElement, withoutWindow } from '../tests/dom.js'
import { importText, resolveAsBrowser } from '../tests/frameworks.js'
import { atom, computed, map, onMount } from './index.js'

const COMPONENTS = {
  // The syntax of Svelte, with no binding at all.
  Dollar: `
    <script>
      let { store } = $props()
    </script>
    <p>{$store}</p>
    <button onclick={() => $store++}>more</button>`,

  Rune: `
    <script>
      let { state } = $props()
      let double = $derived(state.current * 2)
    </script>
    <p>{state.current} {double}</p>
    <input bind:value={state.current}>`,

  Effect: `
    <script>
      let { state, onRun } = $props()
      let name = $derived(state.current.name)
      $effect(() => onRun(name))
    </script>`,

  Branch: `
    <script>
      let { state, shown } = $props()
    </script>
    {#if shown.current}<p>{state.current}</p><b>{state.current}</b>{/if}`,

  Choice: `
    <script>
      let { choice, useStore } = $props()
      let state = $derived(useStore(choice.current))
    </script>
    <p>{state.current}</p>`
}

async function compileAll(generate) {
  const components = {}
  for (const [name, source] of Object.entries(COMPONENTS)) {
    const { js, warnings } = compile(source, { name, generate })
    assert.deepEqual(warnings, [])
    components[name] = (await importText(js.code)).default
  }
  return components
}

const server = {
  ...(await import('svelte/server')),
  ...(await import('./svelte.js')),
  ...(await compileAll('server'))
}
resolveAsBrowser()
const { flushSync, hydrate, mount, unmount } = await import('svelte')
const { useStore } = await import('./svelte.js?browser')
const { Dollar, Rune, Effect, Branch, Choice } = await compileAll('client')

function show(component, props) {
  const target = addElement()
  const instance = mount(component, { target, props })
  flushSync()
  return { target, hide: () => unmount(instance) }
}

/** The text of the paragraph. */
const text = target => target.querySelector('p')?.textContent

describe('the $store syntax of Svelte', () => {
  test('draws every change, writes, and leaves no listener', async () => {
    const count = atom(1)
    const { target, hide } = show(Dollar, { store: count })
    assert.equal(text(target), '1')
    assert.equal(count.lc, 1)

    count.set(2)
    flushSync()
    assert.equal(text(target), '2')

    target.querySelector('button').click()
    assert.equal(count.get(), 3)
    flushSync()
    assert.equal(text(target), '3')

    await hide()
    assert.equal(count.lc, 0)
  })

  test('draws a computed store', async () => {
    const count = atom(1)
    const double = computed(count, value => value * 2)
    const { target, hide } = show(Dollar, { store: double })
    count.set(2)
    flushSync()
    assert.equal(text(target), '4')
    await hide()
    assert.equal(double.lc, 0)
  })
})

describe('lagoon/svelte', () => {
  test('draws the value and every change of it, and leaves no listener', async () => {
    const count = atom(1)
    const { target, hide } = show(Rune, { state: useStore(count) })
    assert.equal(text(target), '1 2')
    assert.equal(count.lc, 1)

    count.set(2)
    flushSync()
    assert.equal(text(target), '2 4')
    assert.equal(count.lc, 1)

    await hide()
    assert.equal(count.lc, 0)
  })

  test('writes with set(), so that bind: works', async () => {
    const name = atom('Ada')
    const { target, hide } = show(Rune, { state: useStore(name) })
    const input = target.querySelector('input')
    assert.equal(input.value, 'Ada')
    input.value = 'Grace'
    input.dispatchEvent(new window.Event('input', { bubbles: true }))
    assert.equal(name.get(), 'Grace')
    await hide()
  })

  test('listens only while it is read', async () => {
    const count = atom(1)
    const shown = atom(false)
    const { target, hide } = show(Branch, { state: useStore(count), shown: useStore(shown) })
    assert.equal(count.lc, 0)

    shown.set(true)
    flushSync()
    assert.equal(text(target), '1')
    assert.equal(count.lc, 1)

    shown.set(false)
    flushSync()
    // createSubscriber() stops one microtask after its last reader.
    await Promise.resolve()
    assert.equal(count.lc, 0)
    count.set(2)

    shown.set(true)
    flushSync()
    assert.equal(text(target), '2')
    await hide()
    assert.deepEqual([count.lc, shown.lc], [0, 0])
  })

  test('follows another store', async () => {
    const first = atom('first')
    const second = atom('second')
    const choice = atom(first)
    const { target, hide } = show(Choice, { choice: useStore(choice), useStore })
    choice.set(second)
    flushSync()
    assert.equal(text(target), 'second')
    await Promise.resolve()
    assert.deepEqual([first.lc, second.lc], [0, 1])
    second.set('changed')
    flushSync()
    assert.equal(text(target), 'changed')
    await hide()
    assert.deepEqual([choice.lc, second.lc], [0, 0])
  })

  test('an effect on a derived value runs only when that changes', async () => {
    const user = map({ name: 'Ada', age: 36 })
    const names = []
    const { hide } = show(Effect, { state: useStore(user), onRun: name => names.push(name) })
    user.setKey('age', 37)
    flushSync()
    user.setKey('name', 'Grace')
    flushSync()
    assert.deepEqual(names, ['Ada', 'Grace'])
    await hide()
    assert.equal(user.lc, 0)
  })

  test('draws what onMount of the store sets', async () => {
    const user = atom(1)
    onMount(user, () => user.set(2))
    const { target, hide } = show(Rune, { state: useStore(user) })
    assert.equal(text(target), '2 4')
    await hide()
  })

  test('reads and writes outside any effect, without listening', () => {
    const count = atom(1)
    const state = useStore(count)
    assert.equal(state.current, 1)
    state.current = 2
    assert.equal(count.get(), 2)
    assert.equal(state.current, 2)
    assert.equal(count.lc, 0)
  })

  test('refuses to write to a store without set()', () => {
    const clock = useStore({ get: () => 'noon', listen: () => () => {} })
    assert.throws(() => {
      clock.current = 'night'
    }, TypeError)
    assert.equal(clock.current, 'noon')
  })
})

describe('Svelte on a server', () => {
  const draw = (name, store) =>
    withoutWindow(
      () => server.render(server[name], { props: { store, state: server.useStore(store) } }).body
    )

  for (const [name, component, drawn, redrawn] of [
    ['Dollar', Dollar, '2', '3'],
    ['Rune', Rune, '2 4', '3 6']
  ]) {
    test(`${name}: draws the value, leaves no listener, and the page takes over`, async () => {
      const count = atom(1)
      count.set(2)
      const target = addElement(await draw(name, count))
      assert.equal(text(target), drawn)
      assert.equal(count.lc, 0)

      const paragraph = target.querySelector('p')
      const instance = hydrate(component, {
        target,
        props: { store: count, state: useStore(count) }
      })
      flushSync()
      assert.equal(target.querySelector('p'), paragraph)
      count.set(3)
      flushSync()
      assert.equal(paragraph.textContent, redrawn)
      await unmount(instance)
      assert.equal(count.lc, 0)
    })
  }
})
