// The storefront for bench/requests.js: with LAGOONS=without, the integration leaves its middleware out,
// and nothing else.
import config from '../examples/storefront/astro.config.js'

const withoutMiddleware = integration => {
  if (integration.name !== 'lagoon') return integration
  let setUp = integration.hooks['astro:config:setup']
  let hooks = {
    ...integration.hooks,
    'astro:config:setup': options => setUp({ ...options, addMiddleware() {} })
  }
  return { ...integration, hooks }
}

export default {
  ...config,
  outDir: process.env.OUT,
  integrations:
    process.env.LAGOONS === 'without'
      ? config.integrations.map(withoutMiddleware)
      : config.integrations
}
