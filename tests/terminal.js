// A terminal without a window: tmux runs a shell in it, keys go in, and what a person would see
// comes back as text.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE = 10_000
const CONFIG = `
set -g default-terminal screen-256color
set -g status off
set -s escape-time 0
`

/** Opens a shell in a terminal. `columns`, `rows`, `cwd`, and `env` for what runs in it. Close it! */
export function openTerminal({ columns = 80, rows = 24, cwd, env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lagoon-terminal-'))
  const config = join(folder, 'config')
  const tmux = (...args) =>
    execFileSync('tmux', ['-u', '-S', join(folder, 'socket'), '-f', config, ...args], {
      cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', PS1: '$ ', ENV: '', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE
    })

  writeFileSync(config, CONFIG)
  // The shell ends on its own, should nobody close it.
  const shell = ['timeout', '--foreground', '300', 'sh']
  tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '--', ...shell)

  const text = () => tmux('capture-pane', '-p')
  const isIn = (screen, one) => (one instanceof RegExp ? one.test(screen) : screen.includes(one))
  // A screen is drawn bit by bit: what has come says nothing about the rest.
  const waitFor = async (isRight, texts) => {
    const end = Date.now() + PATIENCE
    for (let screen; !isRight((screen = text())); await sleep(20)) {
      if (Date.now() < end) continue
      throw new Error(`waited in vain: ${texts.join(', ')}; the screen:\n${screen}`)
    }
  }

  return {
    /** Presses keys, as tmux names them: 'Enter', 'Down', 'C-c', 'q' ... */
    press: (...keys) => tmux('send-keys', ...keys),
    /** Types a line and presses Enter. */
    type: line => tmux('send-keys', '-l', `${line}\n`),
    resize: (width, height) => tmux('resize-window', '-x', `${width}`, '-y', `${height}`),
    /** Writes into a file, from now on, all that is sent to the terminal. */
    record: file => tmux('pipe-pane', '-O', `cat > '${file}'`),
    /** What is on the screen; spaces at the ends of lines are left out. */
    text,
    /** The same with the escape sequences of its colours. */
    colours: () => tmux('capture-pane', '-e', '-p'),
    /** What tmux knows, such as 'cursor_flag'. */
    ask: name => tmux('display-message', '-p', `#{${name}}`).trim(),
    /** Waits until the screen holds all of these texts and matches all of these patterns. */
    see: (...expected) => waitFor(screen => expected.every(one => isIn(screen, one)), expected),
    /** Waits until the screen holds none of them. */
    miss: (...unexpected) =>
      waitFor(screen => !unexpected.some(one => isIn(screen, one)), unexpected),
    close() {
      try {
        tmux('kill-server')
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  }
}
