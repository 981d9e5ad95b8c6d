import node from '@astrojs/node'
import { defineConfig } from 'astro/config'
import lagoon from 'lagoon/astro'

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  devToolbar: { enabled: false },
  integrations: [lagoon()]
})
