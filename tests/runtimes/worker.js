// For a Web Worker and a Service Worker: answers whoever asks with what the program said.
import { play } from './program.js'

addEventListener('message', ({ data, ports: [port] }) => {
  if (data === 'play') port.postMessage(play())
})
