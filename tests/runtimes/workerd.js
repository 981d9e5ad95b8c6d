// For workerd: answers each request with what the program said.
import { play } from './program.js'

export default {
  fetch: () => new Response(play())
}
