// What every server must do: two requests at once, each in a lagoon of its own, and a snapshot of one
// for the other.
import { computed, map, onMount, share, task } from 'lagoon'
import { createLagoon } from 'lagoon/server'

let cart = share('cart', map({ items: [] }))
let count = computed(cart, ({ items }) => items.length)
let label = computed(() => `${count.get()}: ${cart.get().items.join(' and ') || 'nothing'}`)
onMount(label, () => () => {})

let wait = () => new Promise(resolve => setTimeout(resolve, Math.random() * 10))

let visit = async items => {
  label.subscribe(() => {})
  for (let item of items) {
    cart.setKey('items', [...cart.get().items, item])
    await task(wait)
  }
  return label.get()
}

/** Returns a promise of the lines of lagoons.txt. */
export const visitAll = async () => {
  let [first, second, third] = [createLagoon(), createLagoon(), createLagoon()]
  let lines = await Promise.all([first.run(visit, ['hat', 'scarf']), second.run(visit, ['gloves'])])
  await first.allTasks()
  third.hydrate(first.snapshot())
  return [...lines, first.snapshot(), third.run(() => label.get()), label.get()].join('\n')
}
