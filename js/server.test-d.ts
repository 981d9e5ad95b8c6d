import { createLagoon, type Lagoon } from './server.js'

const lagoon: Lagoon = createLagoon()
const sum: number = lagoon.run((a: number, b: number) => a + b, 1, 2)
const text: Promise<string> = lagoon.run(async () => 'text')
const snapshot: string = lagoon.snapshot()
lagoon.hydrate(snapshot + lagoon.changes())
await lagoon.allTasks()
void [sum, text]

// @ts-expect-error Arguments are those of the function
lagoon.run((a: number) => a, 'text')

// @ts-expect-error Not an object
lagoon.hydrate({})
