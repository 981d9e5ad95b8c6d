// For a page, which also asks both kinds of worker.
import { play } from './program.js'

const ask = worker =>
  new Promise((resolve, reject) => {
    let { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage('play', [port2])
  })

const serviceWorker = async () => {
  let { installing, waiting, active } = await navigator.serviceWorker.register('service-worker.js')
  return installing ?? waiting ?? active
}

globalThis.report({
  page: play(),
  'Web Worker': await ask(new Worker('worker.js', { type: 'module' })),
  'Service Worker': await ask(await serviceWorker())
})
