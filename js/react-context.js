// In an island of Astro, the function that gives what a store had in the island's HTML: js/astro/react.js provides it,
// useStore() of js/react.js asks it. All copies of the package on a page have the same context.
import { createContext } from 'react'

export const HtmlValue = (globalThis[Symbol.for('lagoon.react')] ||= createContext())
