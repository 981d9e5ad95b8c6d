import node from '@astrojs/node'
import react from '@astrojs/react'
import vue from '@astrojs/vue'
import { defineConfig } from 'astro/config'
import lagoon from 'lagoon/astro'

const isStatic = process.env.LAGOON_TEST_OUTPUT === 'static'

export default defineConfig({
  output: isStatic ? 'static' : 'server',
  outDir: isStatic ? 'static' : 'dist',
  adapter: isStatic ? undefined : node({ mode: 'standalone' }),
  devToolbar: { enabled: false },
  integrations: [react(), process.env.LAGOON_TEST_OUTPUT === 'dev' && vue(), lagoon()]
})
