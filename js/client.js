// Browsers: what a server wrote into its shared stores, for a page that is made without Astro.
import { take } from './arrivals.js'

export const hydrate = (snapshot, options) => {
  take(snapshot, options)
}
