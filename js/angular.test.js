// Without Zone.js, and compiled in the browser: the templates and decorators are called by hand.

import '../tests/dom.js'
import '@angular/compiler'

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AsyncPipe } from '@angular/common'
import {
  Component,
  computed as derive,
  createEnvironmentInjector,
  effect,
  inject,
  Injectable,
  Injector,
  provideZonelessChangeDetection,
  signal
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import * as theirs from '@nanostores/angular'
import { firstValueFrom, switchMap } from 'rxjs'
import { addElement, until } from '../tests/dom.js'
import * as ours from './angular.js'
import { atom, batch, computed, map, mapCreator, onMount } from './index.js'

const { injectStore, NanostoresService } = ours

let components = 0

/** A component of the given template and class. */
const compile = (template, Class, options) =>
  Component({ selector: `test-app-${++components}`, template, ...options })(Class)

/** Draws a component in an application of its own. */
async function mount(template, Class, { providers = [], imports = [AsyncPipe] } = {}) {
  const component = compile(template, Class, { imports })
  const element = addElement(`<test-app-${components}></test-app-${components}>`)
  const app = await bootstrapApplication(component, {
    providers: [provideZonelessChangeDetection(), providers]
  })
  await app.whenStable()
  return { app, element, instance: app.components[0].instance }
}

test('has what @nanostores/angular has, and injectStore', () => {
  assert.deepEqual(Object.keys(ours).toSorted(), [...Object.keys(theirs), 'injectStore'].toSorted())
})

for (const [name, { NANOSTORES, NanostoresService }] of Object.entries({
  'lagoon/angular': ours,
  '@nanostores/angular': theirs
})) {
  describe(`${name}: NanostoresService`, () => {
    const label = (store, token = NanostoresService) =>
      class {
        value = inject(token).useStore(store)
      }

    test('draws the value and every change of it, and leaves no listener', async () => {
      const count = atom(1)
      const { app, element } = await mount('{{ value | async }}', label(count))
      assert.equal(element.textContent, '1')
      assert.equal(count.lc, 1)

      count.set(2)
      await app.whenStable()
      assert.equal(element.textContent, '2')

      app.destroy()
      assert.equal(count.lc, 0)
    })

    test('is provided under the token', async () => {
      const count = atom(1)
      const { app, element } = await mount('{{ value | async }}', label(count, NANOSTORES), {
        providers: [{ provide: NANOSTORES, useClass: NanostoresService }]
      })
      assert.equal(element.textContent, '1')
      app.destroy()
    })

    test('leads from one store to another', async () => {
      const id = atom('1')
      const user = mapCreator((store, id) => store.setKey('name', `user ${id}`))
      const { app, element } = await mount(
        '{{ (user | async)?.name }}',
        class {
          stores = inject(NanostoresService)
          user = this.stores.useStore(id).pipe(switchMap(id => this.stores.useStore(user(id))))
        }
      )
      assert.equal(element.textContent, 'user 1')
      id.set('2')
      await app.whenStable()
      assert.equal(element.textContent, 'user 2')
      assert.equal(user('1').lc, 0)
      app.destroy()
      assert.deepEqual([id.lc, user('2').lc], [0, 0])
    })

    test('listens only while somebody subscribes, once for each', async () => {
      const count = atom(1)
      const values = new NanostoresService().useStore(count)
      assert.equal(count.lc, 0)
      assert.equal(await firstValueFrom(values), 1)
      assert.equal(count.lc, 0)

      const seen = []
      const first = values.subscribe(value => seen.push(`a${value}`))
      const second = values.subscribe(value => seen.push(`b${value}`))
      count.set(2)
      first.unsubscribe()
      count.set(3)
      second.unsubscribe()
      assert.deepEqual(seen, ['a1', 'b1', 'a2', 'b2', 'b3'])
      assert.equal(count.lc, 0)
    })

    test('ends with its injector: every observable is complete, and stays so', () => {
      const count = atom(1)
      const injector = Injector.create({
        providers: [{ provide: NANOSTORES, useClass: NanostoresService }]
      })
      const service = injector.get(NANOSTORES)
      const values = service.useStore(count)
      const seen = []
      const observer = { next: value => seen.push(value), complete: () => seen.push('complete') }
      values.subscribe(observer)
      injector.destroy()
      service.ngOnDestroy()
      assert.equal(count.lc, 0)
      values.subscribe(observer)
      assert.deepEqual(seen, [1, 'complete', 'complete'])
      assert.equal(count.lc, 0)
    })

    test('can be extended by a service', async () => {
      const count = atom(1)
      class Counter extends NanostoresService {
        count = this.useStore(count)
      }
      Injectable({ providedIn: 'root' })(Counter)
      const { app, element } = await mount(
        '{{ counter.count | async }}',
        class {
          counter = inject(Counter)
        }
      )
      assert.equal(element.textContent, '1')
      app.destroy()
      assert.equal(count.lc, 0)
    })

    test('gives the error to the observer when it gets no store', () => {
      const errors = []
      new NanostoresService().useStore(undefined).subscribe({ error: error => errors.push(error) })
      assert.equal(errors.length, 1)
      assert.ok(errors[0] instanceof TypeError)
    })
  })
}

describe('lagoon/angular, beyond', () => {
  test('draws the value and every change of it, and leaves no listener', async () => {
    const count = atom(1)
    const { app, element } = await mount(
      '{{ count() }}',
      class {
        count = injectStore(count)
      }
    )
    assert.equal(element.textContent, '1')
    assert.equal(count.lc, 1)

    count.set(2)
    await app.whenStable()
    assert.equal(element.textContent, '2')

    app.destroy()
    assert.equal(count.lc, 0)
  })

  test('draws once for a batch, and for several writes in one task', async () => {
    const count = atom(1)
    const name = atom('Ada')
    const draws = []
    const { app } = await mount(
      '{{ draw(count(), name()) }}',
      class {
        count = injectStore(count)
        name = injectStore(name)
        draw = (...values) => draws.push(values.join(' '))
      }
    )
    // In development Angular draws everything twice, to see whether it stays the same
    const drawn = () => [...new Set(draws.splice(0))]
    assert.deepEqual(drawn(), ['1 Ada'])
    batch(() => {
      count.set(2)
      name.set('Grace')
    })
    await app.whenStable()
    assert.deepEqual(drawn(), ['2 Grace'])

    count.set(3)
    name.set('Mary')
    await app.whenStable()
    assert.deepEqual(drawn(), ['3 Mary'])
    app.destroy()
  })

  test('draws again only for the given keys of a map', async () => {
    const user = map({ name: 'Ada', age: 36, city: 'London' })
    for (const keys of ['name', ['name', 'city']]) {
      user.set({ name: 'Ada', age: 36, city: 'London' })
      const { app, element } = await mount(
        '{{ user().name }} {{ user().age }}',
        class {
          user = injectStore(user, { keys })
        }
      )
      user.setKey('age', 37)
      await app.whenStable()
      assert.equal(element.textContent, 'Ada 36')
      user.setKey('name', 'Grace')
      await app.whenStable()
      assert.equal(element.textContent, 'Grace 37')
      app.destroy()
      assert.equal(user.lc, 0)
    }
  })

  test('two components share a store, and one may go', async () => {
    const count = atom(1)
    const label = compile(
      '{{ count() }}',
      class {
        count = injectStore(count)
      }
    )
    const tag = `test-app-${components}`
    const { app, element, instance } = await mount(
      `@if (isShown()) { <${tag} /> } <${tag} />`,
      class {
        isShown = signal(true)
      },
      { imports: [label] }
    )
    assert.equal(element.textContent.trim(), '11')
    instance.isShown.set(false)
    await app.whenStable()
    assert.equal(count.lc, 1)
    count.set(2)
    await app.whenStable()
    assert.equal(element.textContent.trim(), '2')
    app.destroy()
    assert.equal(count.lc, 0)
  })

  test('follows the store that a signal holds', async () => {
    const first = atom('first')
    const second = atom('second')
    const { app, element, instance } = await mount(
      '{{ label() }}',
      class {
        store = signal(first)
        label = injectStore(this.store)
      }
    )
    assert.equal(element.textContent, 'first')
    instance.store.set(second)
    assert.equal(instance.label(), 'second')
    await app.whenStable()
    assert.equal(element.textContent, 'second')
    assert.deepEqual([first.lc, second.lc], [0, 1])

    second.set('changed')
    await app.whenStable()
    assert.equal(element.textContent, 'changed')

    app.destroy()
    instance.store.set(first)
    assert.equal(instance.label(), 'first')
    assert.deepEqual([first.lc, second.lc], [0, 0])
  })

  test('draws a computed store, and what onMount of its source sets', async () => {
    const count = atom(1)
    onMount(count, () => count.set(2))
    const double = computed(count, value => value * 2)
    const { app, element } = await mount(
      '{{ double() }}',
      class {
        store = signal(double)
        double = injectStore(this.store)
      }
    )
    assert.equal(element.textContent, '4')
    count.set(4)
    await app.whenStable()
    assert.equal(element.textContent, '8')
    app.destroy()
    assert.equal(double.lc, 0)
  })

  test('is current at once, and followed by computed() and effect(), in a service', async () => {
    const count = atom(1)
    const seen = []
    class Counter {
      count = injectStore(count)
      double = derive(() => this.count() * 2)
      print = effect(() => seen.push(this.double()))
    }
    Injectable({ providedIn: 'root' })(Counter)
    const { app, instance } = await mount(
      '',
      class {
        counter = inject(Counter)
      }
    )
    count.set(2)
    assert.equal(instance.counter.count(), 2)
    batch(() => {
      count.set(3)
      count.set(4)
    })
    assert.equal(instance.counter.double(), 8)
    await app.whenStable()
    assert.deepEqual(seen, [2, 8])

    app.destroy()
    assert.equal(count.lc, 0)
    count.set(5)
    assert.equal(instance.counter.count(), 4)
  })

  test('a store may write other ones when it is mounted, also when a signal is read', async () => {
    const log = atom('')
    const loading = name => {
      const store = atom(name)
      onMount(store, () => log.set(`${name} is mounted`))
      return store
    }
    const { app, element, instance } = await mount(
      '{{ log() }}, {{ label() }}',
      class {
        log = injectStore(log)
        store = signal(loading('first'))
        label = injectStore(this.store)
      }
    )
    await app.whenStable()
    assert.equal(element.textContent, 'first is mounted, first')

    const injector = createEnvironmentInjector([], app.injector)
    const label = injectStore(instance.store, { injector })
    injector.destroy()
    instance.store.set(loading('second'))
    assert.equal(label(), 'second')
    await app.whenStable()
    assert.equal(element.textContent, 'second is mounted, second')
    app.destroy()
  })

  test('the token gives the service of the root, if nobody provides another one', async () => {
    const { app, instance } = await mount(
      '',
      class {
        services = [inject(ours.NANOSTORES), inject(NanostoresService)]
      }
    )
    assert.ok(instance.services[0] instanceof NanostoresService)
    assert.equal(instance.services[0], instance.services[1])
    app.destroy()
  })

  test('ends with the injector that it was given', async () => {
    const count = atom(1)
    const { app } = await mount('', class {})
    const injector = createEnvironmentInjector([], app.injector)
    const value = injectStore(count, { injector })
    count.set(2)
    assert.equal(value(), 2)
    injector.destroy()
    assert.equal(count.lc, 0)
    app.destroy()
  })

  test('the service keeps nothing of a subscriber that left', async () => {
    setFlagsFromString('--expose-gc')
    const service = new NanostoresService()
    const count = atom(1)
    const leave = () => {
      const subscriber = service.useStore(count).subscribe()
      subscriber.unsubscribe()
      return new WeakRef(subscriber)
    }
    const left = leave()
    await until(() => {
      runInNewContext('gc')()
      assert.ok(!left.deref())
    })
    service.ngOnDestroy()
  })

  test('the service gives every change that the store tells of, and NaN once', () => {
    const list = atom([1])
    const number = atom(NaN)
    const service = new NanostoresService()
    const seen = []
    service.useStore(list).subscribe(value => seen.push(value.length))
    service.useStore(number).subscribe(value => seen.push(value))
    list.get().push(2)
    list.notify()
    service.ngOnDestroy()
    assert.deepEqual(seen, [1, NaN, 2])
  })

  test('draws again when a store says that its value has changed in place', async () => {
    const list = atom([1])
    const { app, element } = await mount(
      '{{ list().length }}',
      class {
        list = injectStore(list)
      }
    )
    list.get().push(2)
    list.notify()
    await app.whenStable()
    assert.equal(element.textContent, '2')
    app.destroy()
  })

  test('throws for what is not a store, and outside of an injection context', async () => {
    assert.throws(() => injectStore(atom(1)), /NG0203: injectStore\(\)/)
    const { app } = await mount('', class {})
    assert.throws(() => injectStore(undefined, { injector: app.injector }), TypeError)
    const value = injectStore(() => undefined, { injector: app.injector })
    assert.throws(value, TypeError)
    app.destroy()
  })
})

test('needs no compiler, neither in the browser nor in the build', () => {
  const code = `
    import { Injector, runInInjectionContext } from '@angular/core'
    import { injectStore, NANOSTORES, NanostoresService } from 'lagoon/angular'
    import { atom } from 'lagoon'

    const injector = Injector.create({
      providers: [NanostoresService, { provide: NANOSTORES, useClass: NanostoresService }]
    })
    const count = atom(1)
    injector.get(NANOSTORES).useStore(count).subscribe(value => console.log(value))
    console.log(injector.get(NanostoresService).constructor.name)
    count.set(2)
    injector.destroy()
    process.exit()
  `
  const options = { cwd: import.meta.dirname, encoding: 'utf8', timeout: 30_000 }
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], options)
  assert.equal(printed, '1\nNanostoresService\n2\n')
})
