// The package as npm would publish it, unpacked into a project of its own below build/.
import { fileURLToPath } from 'node:url'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Returns the folder of the project, which is empty but for the package. */
export const install = name => {
  let project = `${root}build/${name}/`
  let installed = `${project}node_modules/lagoon/`
  rmSync(project, { recursive: true, force: true })
  mkdirSync(installed, { recursive: true })
  let [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', project], {
      cwd: `${root}js`,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000
    })
  )
  execFileSync('tar', ['-xzf', `${project}${filename}`, '--strip-components=1', '-C', installed])
  writeFileSync(`${project}package.json`, '{ "type": "module" }')
  return project
}
