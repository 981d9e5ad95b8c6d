// For servers with a console.
import { visitAll } from './lagoons.js'

console.log(await visitAll())
