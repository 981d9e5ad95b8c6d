// For runtimes with a console.
import { play } from './program.js'

console.log(play())
