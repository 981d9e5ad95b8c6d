// A page for the tests of the framework bindings: import this before any framework.

import assert from 'node:assert/strict'
import { after, afterEach, beforeEach } from 'node:test'
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<!doctype html><body></body>', {
  url: 'http://localhost',
  pretendToBeVisual: true
})
const names = Object.getOwnPropertyNames(window).filter(name => !(name in globalThis))

export function addWindow() {
  for (const name of names) globalThis[name] = window[name]
}

/** Runs a function as a server would: with no global of a page in sight. */
export async function withoutWindow(callback) {
  for (const name of names) delete globalThis[name]
  try {
    return await callback()
  } finally {
    addWindow()
  }
}

/** A new element of the page with the given markup. */
export function addElement(html = '') {
  const element = document.body.appendChild(document.createElement('div'))
  element.innerHTML = html
  return element
}

/** Resolves when the timers and tasks due by now have run, again and again until `check` passes. */
export async function until(check) {
  for (let round = 0; ; round++) {
    try {
      return check()
    } catch (error) {
      if (round === 200) throw error
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}

const complaints = []
const { error, warn } = console

beforeEach(() => {
  document.body.innerHTML = ''
  console.error = console.warn = (...args) => complaints.push(args.map(String).join(' '))
})

// A framework reports misuse and hydration mismatches on the console, so a test fails on any line.
afterEach(() => {
  Object.assign(console, { error, warn })
  assert.deepEqual(complaints.splice(0), [])
})

/** Takes the complaints so far, for a test that expects some. */
export const takeComplaints = () => complaints.splice(0)

after(() => window.close())

addWindow()
