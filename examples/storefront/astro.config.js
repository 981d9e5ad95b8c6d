import preact from '@astrojs/preact'
import react from '@astrojs/react'
import solid from '@astrojs/solid-js'
import svelte from '@astrojs/svelte'
import vue from '@astrojs/vue'
import { defineConfig } from 'astro/config'

export default defineConfig({
  server: { port: 4321 },
  // Three of the frameworks write JSX: the folder says whose it is.
  integrations: [
    react({ include: ['**/react/*'] }),
    preact({ include: ['**/preact/*'] }),
    solid({ include: ['**/solid/*'] }),
    svelte(),
    // In `astro dev`, <script setup lang="ts"> would get React's refresh code: its Vue is JavaScript.
    vue()
  ]
})
