// The C programs of examples/c: what they print, that they leak nothing, and the terminal cart,
// driven by keys in a real terminal.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openTerminal } from './terminal.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = `${root}build/examples/`
const VALGRIND = ['valgrind', '-q', '--error-exitcode=9', '--leak-check=full']
const products = JSON.parse(readFileSync(`${root}examples/storefront/src/data/products.json`))
const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })
const priceOf = cents => euros.format(cents / 100)
const inCart = ({ id, name, imageSrc, price }, quantity) => ({
  id,
  name,
  imageSrc,
  price,
  quantity
})

before(() => {
  execFileSync('make', ['--no-print-directory', 'examples'], { cwd: root, stdio: 'pipe' })
})

// ---- programs that print ------------------------------------------------------------------------

const PROGRAMS = {
  cart: {
    input: `list
add moon-lamp
open
add moon-lamp
add star-map
add hat
remove moon-lamp
help

close
add star-map
open
remove star-map
quit
add moon-lamp
`,
    output: `Cart 0
  astronaut-figurine           24.00 euros
  moon-lamp                    39.00 euros
  rocket-bookend               32.50 euros
  saturn-mobile                28.50 euros
  star-map                     18.00 euros
  moon-rover-kit               46.00 euros
Cart 1
  Moon Lamp, quantity: 1       39.00 euros
  Total                        39.00 euros
  Moon Lamp, quantity: 2       78.00 euros
  Total                        78.00 euros
Cart 2
  Moon Lamp, quantity: 2       78.00 euros
  Star Map, quantity: 1        18.00 euros
  Total                        96.00 euros
Cart 3
There is no product "hat". Try: list
  Star Map, quantity: 1        18.00 euros
  Total                        18.00 euros
Cart 1
Commands: list, add ID, remove ID, open, close, quit
Cart 2
  Star Map, quantity: 2        36.00 euros
  Total                        36.00 euros
  Your cart is empty!
Cart 0
`
  },
  sensors: {
    output: `   0 ms  inlet on
   0 ms  engine on
   0 ms  outlet on
   0 ms  average 23.0
 500 ms  average 25.6
1000 ms  average 35.0
1000 ms  alarm on
1500 ms  average 27.0
1500 ms  alarm off
1500 ms  display closed
4500 ms  inlet off
4500 ms  engine off
4500 ms  outlet off
`
  },
  threads: {
    output: `0 readings
500 readings
1000 readings
1500 readings
2000 readings
2 workers, total 1001000
`
  }
}

const run = (command, input = '') => {
  let { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
    input,
    encoding: 'utf8',
    timeout: 60_000
  })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  return stdout
}

for (let [name, { input, output }] of Object.entries(PROGRAMS)) {
  test(`${name} prints what it should`, () => {
    assert.equal(run([bin + name], input), output)
  })

  test(`${name} does so under valgrind`, () => {
    assert.equal(run([...VALGRIND, bin + name], input), output)
  })
}

test('cart ends with its input, also in the middle of a line', () => {
  assert.equal(
    run([`${bin}cart`], 'add star-map\nadd star'),
    PROGRAMS.cart.output.slice(0, 7) + 'Cart 1\nThere is no product "star". Try: list\n'
  )
})

test('every example is compiled without a warning by gcc and by clang', async () => {
  let files = readdirSync(`${root}examples/c`, { recursive: true }).filter(f => f.endsWith('.c'))
  let flags = '-std=c11 -O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only'
  for (let compiler of ['gcc', 'clang']) {
    await promisify(execFile)(
      compiler,
      [...flags.split(' '), '-Iinclude', ...files.map(f => `examples/c/${f}`)],
      { cwd: root }
    )
  }
})

// ---- the terminal cart --------------------------------------------------------------------------

describe('terminal-cart', () => {
  // By a name without spaces, whatever this folder's name is, as it stands in commands.
  const shortcut = mkdtempSync(join(tmpdir(), 'lagoon-bin-'))
  const program = join(shortcut, 'terminal-cart')
  let folder
  let terminal

  before(() => symlinkSync(`${bin}terminal-cart`, program))
  after(() => rmSync(shortcut, { recursive: true, force: true }))

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lagoon-cart-'))
    terminal = openTerminal({ cwd: folder })
    await terminal.see('$')
  })

  afterEach(() => {
    terminal.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs a command in the terminal's shell, which tells how it ended. */
  const type = command => terminal.type(`${command}; echo "status $?"`)
  // What was typed before the shell was back, it answers behind its prompt
  const STATUS = /^(?:\$ )?status (\d+)$/m
  const status = async () => {
    await terminal.see(STATUS)
    return Number(STATUS.exec(terminal.text())[1])
  }
  const start = (file = '', command = '') => {
    type(`${command} ${program} ${file}`)
    return terminal.see('Little Orbit', 'q quit')
  }
  const quit = () => {
    terminal.press('q')
    return status()
  }
  const saved = () => JSON.parse(readFileSync(join(folder, 'cart.json'), 'utf8'))

  /** What a program could leave behind in a terminal. */
  const terminalState = async () => {
    terminal.type(`clear; stty -g > state; echo now ${++states}`)
    await terminal.see(new RegExp(`^now ${states}$`, 'm'))
    let flags = ['cursor_flag', 'alternate_on', 'keypad_flag', 'keypad_cursor_flag']
    return [readFileSync(join(folder, 'state'), 'utf8'), ...flags.map(terminal.ask)]
  }
  let states = 0

  test('shows the products of the storefront', async () => {
    await start()
    for (let { name, description, price } of products) {
      await terminal.see(new RegExp(`${name} +${priceOf(price)} │$`, 'm'), description)
    }
    await terminal.see('[ Cart 0 ]')
    await terminal.miss('Your cart')
    assert.equal(await quit(), 0)
  })

  test('adds two products, opens the cart, counts and totals', async () => {
    await start()
    terminal.press('Enter', 'Down', 'Enter', 'Enter')
    await terminal.see(
      '[ Cart 3 ]',
      'Your cart',
      /Astronaut Figurine +1 in cart +€24\.00 ││ Astronaut Figurine +€24\.00 │$/m,
      /> Moon Lamp +2 in cart +€39\.00 ││ Moon Lamp +€78\.00 │$/m,
      /││ Quantity: 1 +│$/m,
      /││ Quantity: 2 +│$/m,
      /││ Total +€102\.00 │$/m,
      /^ Moon Lamp added to your cart\. Quantity: 2$/m
    )
  })

  test('opens and closes the cart with the toggle', async () => {
    await start()
    terminal.press('c')
    await terminal.see('Your cart is empty!')
    terminal.press('Down', 'Down', 'Enter', 'c')
    await terminal.see('[ Cart 1 ]', /Rocket Bookend +1 in cart +€32\.50 │$/m)
    await terminal.miss('Your cart', 'Total')
    terminal.press('c')
    await terminal.see(/Total +€32\.50/, 'Tab to the cart')
    terminal.press('Escape')
    await terminal.miss('Total')
  })

  test('changes quantities and removes', async () => {
    await start()
    terminal.press('Enter', 'Down', 'Enter', 'Tab', 'Down', '+', '+', '-')
    await terminal.see('Moon Lamp, quantity: 2', '[ Cart 3 ]', /Total +€102\.00/, 'x remove')
    terminal.press('Up', '-', '+')
    await terminal.see('Astronaut Figurine, quantity: 2', '[ Cart 4 ]')
    terminal.press('x')
    await terminal.see('Astronaut Figurine removed from your cart', /Total +€78\.00/)
    await terminal.miss(/Quantity: 2.*\n.*Quantity: 2/)
    terminal.press('x')
    await terminal.see('Your cart is empty!', '[ Cart 0 ]')
    terminal.press('x', '+', 'Up', 'Down', 'Tab', 'Space')
    await terminal.see('Moon Lamp added to your cart. Quantity: 1', '[ Cart 1 ]')
  })

  test('puts from 1 to 99 of a product into the cart', async () => {
    await start()
    terminal.press('Up', 'Up', ...Array(110).fill('Enter'))
    await terminal.see('[ Cart 99 ]', /Total +€2,376\.00/)
    terminal.press('Tab', '+', '-')
    await terminal.see('[ Cart 98 ]', /Total +€2,352\.00/)
    terminal.press(...Array(110).fill('Left'))
    await terminal.see('[ Cart 1 ]', /Total +€24\.00/)
  })

  test('follows the size of its window', async () => {
    // The width of all rows that the boxes take, and how many there are between top and bottom.
    const boxes = (columns, rows) =>
      new RegExp(
        `^┌[^\\n]{${columns - 2}}┐\\n(│[^\\n]{${columns - 2}}│\\n){${rows}}└[^\\n]{${columns - 2}}┘$`,
        'm'
      )
    await start()
    terminal.press('Enter', 'Tab')
    await terminal.see('[ Cart 1 ]', boxes(80, 19))
    terminal.resize(100, 30)
    await terminal.see(boxes(100, 25), products[2].description, 'x remove')
    terminal.resize(72, 18)
    await terminal.see(
      boxes(72, 13),
      ...products.map(({ name }) => name),
      /Figurine +x1 +€24\.00 ││/
    )
    terminal.resize(71, 18)
    await terminal.see('Too small: 71 x 18. The shop needs 72 x 18.')
    await terminal.miss('Little Orbit', '│')
    terminal.press('+')
    terminal.resize(10, 2)
    await terminal.see(/^Too small:/)
    terminal.resize(80, 24)
    await terminal.see('[ Cart 2 ]', boxes(80, 19), /Total +€48\.00/)
    await terminal.miss('Too small')
  })

  test('sends nothing when nothing changed, and little when little did', async () => {
    await start()
    terminal.press('Enter', 'Tab', '+')
    await terminal.see('[ Cart 2 ]', 'x remove')
    terminal.record('record')
    terminal.press('Up', 'z', '+')
    await terminal.see('[ Cart 3 ]', /Total +€72\.00/, 'quantity: 3')
    let record = readFileSync(join(folder, 'record'), 'utf8')
    assert.ok(record.length > 0 && record.length < 500, record)
  })

  test('gives the terminal back as it was', async () => {
    let state = await terminalState()
    await start()
    assert.equal(terminal.ask('cursor_flag'), '0')
    assert.equal(terminal.ask('alternate_on'), '1')
    terminal.press('c')
    await terminal.see('Your cart is empty!')
    assert.equal(await quit(), 0)
    await terminal.see(/^now \d+$/m)
    await terminal.miss('Little Orbit')
    assert.deepEqual(await terminalState(), state)
  })

  for (let [name, expected] of [
    ['TERM', 143],
    ['INT', 130],
    ['HUP', 129]
  ]) {
    test(`saves the cart and gives the terminal back on SIG${name}`, async () => {
      let state = await terminalState()
      terminal.type(`sh -c 'echo $$ > pid; exec ${program} cart.json'`)
      await terminal.see('Little Orbit')
      terminal.press('Enter')
      await terminal.see('[ Cart 1 ]')
      process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), `SIG${name}`)
      await terminal.miss('Little Orbit')
      terminal.type('echo "status $?"')
      assert.equal(await status(), expected)
      assert.equal(saved().cartItems['astronaut-figurine'].quantity, 1)
      assert.deepEqual(await terminalState(), state)
    })
  }

  test('saves the cart and ends when its terminal is gone', async () => {
    await start('cart.json')
    terminal.press('Enter')
    await terminal.see('[ Cart 1 ]')
    terminal.close()
    for (let tries = 0; !existsSync(join(folder, 'cart.json')) && tries < 500; tries++) {
      await sleep(20)
    }
    assert.equal(saved().cartItems['astronaut-figurine'].quantity, 1)
    terminal = openTerminal()
  })

  test('stops and goes on', async () => {
    await start()
    terminal.press('Enter')
    await terminal.see('[ Cart 1 ]')
    terminal.press('C-z')
    await terminal.see('Stopped')
    terminal.resize(90, 25)
    terminal.type('fg')
    await terminal.see('[ Cart 1 ]')
    terminal.press('Enter')
    await terminal.see('[ Cart 2 ]', /^┌.{88}┐$/m)
  })

  test('keeps the cart in a file', async () => {
    await start('cart.json')
    terminal.press('Enter', 'Down', 'Enter', 'Enter')
    await terminal.see('[ Cart 3 ]')
    assert.equal(await quit(), 0)
    assert.deepEqual(saved().cartItems['moon-lamp'], inCart(products[1], 2))
    assert.deepEqual(Object.keys(saved().cartItems), ['astronaut-figurine', 'moon-lamp'])
    assert.deepEqual(readdirSync(folder), ['cart.json'])

    terminal.type('clear')
    await start('cart.json')
    terminal.press('c')
    await terminal.see('[ Cart 3 ]', /Total +€102\.00/)
  })

  const item = inCart(products[0], 2)
  const cart = (id, changes) => JSON.stringify({ cartItems: { [id]: { ...item, ...changes } } })
  const NO_CART = 'Not loaded, will not be saved: this is no cart of this shop'
  const BAD_FILES = {
    'that ends too early': ['{"cartItems":\n  {', /Not loaded, will not be saved: 2:\d+: \w+/],
    'that is empty': ['', /Not loaded, will not be saved: 1:\d+: \w+/],
    'with a list': ['[1, 2]', NO_CART],
    'with a list for a cart': ['{"cartItems": [1]}', NO_CART],
    'of another program': ['{"name": "lagoon", "private": true}', NO_CART],
    'with more than a cart': [`{"notes": 1, ${cart(item.id).slice(1)}`, NO_CART],
    'with prices of its own': [cart(item.id, { price: 1 }), NO_CART],
    'with a quantity out of range': [cart(item.id, { quantity: 100 }), NO_CART],
    'with an unknown product': [cart('hat', { id: 'hat' }), NO_CART],
    'of 100 kilobytes': [' '.repeat(100_000), 'the file is too large for a cart']
  }
  for (let [name, [text, message]] of Object.entries(BAD_FILES)) {
    test(`leaves a file alone ${name}`, async () => {
      writeFileSync(join(folder, 'cart.json'), text)
      await start('cart.json')
      await terminal.see(message, '[ Cart 0 ]')
      terminal.press('Enter')
      await terminal.see('[ Cart 1 ]')
      assert.equal(await quit(), 0)
      assert.equal(readFileSync(join(folder, 'cart.json'), 'utf8'), text)
    })
  }

  test('says why a cart can be neither loaded nor saved', async () => {
    await start('.')
    await terminal.see('Not loaded, will not be saved: Is a directory')
    assert.equal(await quit(), 0)
    terminal.type('clear')
    await start('missing/cart.json')
    assert.equal(await quit(), 1)
    await terminal.see('missing/cart.json: not saved: No such file or directory')
  })

  test('says what is wrong with the terminal or the arguments', async () => {
    terminal.resize(200, 24)
    for (let [command, message] of [
      [`TERM=dumb ${program}`, 'it needs a terminal that can move its cursor'],
      [`TERM=nonsense ${program}`, 'it does not know this terminal'],
      [`TERM= ${program}`, 'it does not know this terminal'],
      [`${program} < /dev/null`, 'it needs a terminal'],
      [`${program} | cat; false`, 'it needs a terminal'],
      [`${program} --help`, 'usage: terminal-cart [FILE]'],
      [`${program} a b`, 'usage: terminal-cart [FILE]']
    ]) {
      let state = await terminalState()
      type(command)
      assert.equal(await status(), 1, command)
      await terminal.see(message)
      assert.deepEqual(await terminalState(), state)
    }
  })

  test('does without colours and without UTF-8', async () => {
    await start('', 'NO_COLOR=1')
    assert.doesNotMatch(terminal.colours(), /\[3[26]m/)
    await quit()
    terminal.type('clear')
    await start('', 'LC_ALL=C TERM=vt100')
    terminal.press('Enter')
    await terminal.see('[ Cart 1 ]', /Total +EUR 24\.00/, '50 x')
    assert.equal(await quit(), 0)
  })

  test('leaks nothing', async () => {
    await start('cart.json', `${VALGRIND.join(' ')} --log-file=valgrind.txt`)
    terminal.press('Enter', 'Down', 'Enter', 'Tab', '+', 'Down', 'x', 'c', 'c', 'Escape')
    await terminal.see('removed from your cart')
    terminal.resize(60, 10)
    await terminal.see('Too small')
    terminal.resize(80, 24)
    await terminal.see('[ Cart 2 ]')
    let ended = await quit()
    assert.equal(readFileSync(join(folder, 'valgrind.txt'), 'utf8'), '')
    assert.equal(ended, 0)
  })
})
