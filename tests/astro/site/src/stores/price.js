import * as lagoon from 'lagoon'

// Only components that get it as a prop, and <Live>, have it in the browser.
export const price = lagoon.share('price', lagoon.atom(0))
