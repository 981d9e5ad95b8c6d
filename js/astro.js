// The integration for Astro: a lagoon for each request, and what was written in it for the islands.
import { vitePlugins } from './astro/vite.js'

export default function lagoon({ wasm } = {}) {
  return {
    name: 'lagoon',
    hooks: {
      'astro:config:setup'({ addMiddleware, config, updateConfig }) {
        // When it was made is what tells one build from another. A build that can be repeated says when
        let { SOURCE_DATE_EPOCH } = process.env
        let build = (SOURCE_DATE_EPOCH * 1000 || Date.now()).toString(36)
        addMiddleware({
          order: 'pre',
          entrypoint: new URL('./astro/middleware.js', import.meta.url)
        })
        // Astro's own Content-Security-Policy refuses WebAssembly
        wasm ??= !config.security?.csp
        updateConfig({ vite: { plugins: vitePlugins({ build, wasm }) } })
      }
    }
  }
}
