// Measures one shape in a process of its own: started by run.js, to which it tells how it goes.
import { pathToFileURL } from 'node:url'
import { measure } from './measure.js'

process.once('message', async ({ shape, files, effort, isSmall }) => {
  let libraries = await Promise.all(
    Object.entries(files).map(async ([name, file]) => ({
      name,
      ...(await import(pathToFileURL(file)))
    }))
  )
  let told = 0
  let tell = text => {
    if (performance.now() - told < 100) return
    told = performance.now()
    process.send({ text })
  }
  try {
    process.send({ results: await measure(shape, libraries, effort, { tell, isSmall }) })
  } catch (error) {
    process.send({ error: error.message })
  }
  process.disconnect()
})
