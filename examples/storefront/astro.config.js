import node from '@astrojs/node'
import preact from '@astrojs/preact'
import react from '@astrojs/react'
import solid from '@astrojs/solid-js'
import svelte from '@astrojs/svelte'
import vue from '@astrojs/vue'
import { defineConfig } from 'astro/config'
import lagoon from 'lagoon/astro'

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone', bodySizeLimit: 10_000 }),
  // The cart is in a cookie
  session: false,
  server: { port: 4321 },
  integrations: [
    lagoon(),
    // Three of the frameworks write JSX: the folder says whose it is.
    react({ include: ['**/react/*'] }),
    preact({ include: ['**/preact/*'] }),
    solid({ include: ['**/solid/*'] }),
    svelte(),
    // In `astro dev`, <script setup lang="ts"> would get React's refresh code: its Vue is JavaScript.
    vue()
  ]
})
