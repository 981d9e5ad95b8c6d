import assert from 'node:assert/strict'
import { replacePackage } from '../tests/frameworks.js'

replacePackage('preact', 'preact-11')
assert.equal(await import('preact'), await import('preact-11'))
await import('./preact.test.js')
