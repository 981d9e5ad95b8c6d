// For workerd: answers each request with what one of the programs said.
import { visitAll } from './lagoons.js'
import { play } from './program.js'

export default {
  async fetch({ url }) {
    if (!url.endsWith('/lagoons')) return new Response(play())
    return new Response(await visitAll().catch(({ message }) => message))
  }
}
