// What a lagoon costs in time and memory: node --expose-gc bench/lagoons.js. A request here writes an atom and
// a map, reads two computeds of them, and waits once; a million of them, in waves.
import { setTimeout as sleep } from 'node:timers/promises'
import { atom, computed, map } from '../js/index.js'
import { createLagoon } from '../js/server.js'

const WAVES = 200
const WAVE = 5000

const $user = atom('')
const $cart = map({})
const $count = computed($cart, items => Object.keys(items).length)
const $title = computed(() => `${$user.get()} has ${$count.get()}`)

const request = async number => {
  $user.set(`user ${number}`)
  $cart.setKey('hat', number)
  await null
  if ($title.get() !== `user ${number} has 1`) throw new Error(`${number} read ${$title.get()}`)
}

const heap = async () => {
  // The unmount delays of the last requests: a computed first leaves its sources when its own is over
  await sleep(4000)
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await sleep(10)
  }
  let { arrayBuffers, heapUsed } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

const wave = async first => {
  let began = performance.now()
  for (let i = 0; i < WAVE; i++) await createLagoon().run(request, first + i)
  return ((performance.now() - began) / WAVE) * 1000
}

await wave(0)
let before = await heap()
let times = []
for (let i = 0; i < WAVES; i++) {
  times.push(await wave(i * WAVE))
  // So that their unmount delays don't add up
  await sleep(100)
  if (i % 20 === 19) console.log(`${(i + 1) * WAVE} requests ...`)
}
let after = await heap()
let median = times.sort((a, b) => a - b)[WAVES >> 1]
console.log(
  `${WAVES * WAVE} requests, ${median.toFixed(1)} µs each in their lagoons; ` +
    `heap ${before.toFixed(2)} MB before and ${after.toFixed(2)} MB after them`
)
