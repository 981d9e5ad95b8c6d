// Writes doubles.h, how JavaScript writes many numbers: node tests/c/data/doubles.js > tests/c/data/doubles.h
const CHOSEN = [
  ...[
    0.1,
    0.2,
    0.1 + 0.2,
    1 / 3,
    2 / 3,
    1.5,
    100.25,
    1e-5,
    1e-6,
    1e-7,
    1.5e-7,
    123e-20,
    0.00001234
  ],
  ...[
    1e20, 1e21, 1.5e21, 1e22, 1e23, 5e-324, 1e-323, 2.2250738585072014e-308, 2.225073858507201e-308
  ],
  ...[
    Number.MAX_VALUE,
    9007199254740991,
    9007199254740994,
    123456789012345680000,
    1e300,
    4.35,
    0.3
  ],
  ...[
    2 ** -44,
    2 ** 60,
    2 ** 63,
    2 ** 64,
    2 ** 100,
    2 ** -100,
    2 ** 1023,
    2 ** -1022,
    2 ** -1074,
    1,
    10
  ]
]

let state = 1
const random = () => (state = (state * 48271) % 2147483647)
const bits = new DataView(new ArrayBuffer(8))
function randomDouble() {
  bits.setUint32(0, random() * 2)
  bits.setUint32(4, random() * 2)
  return bits.getFloat64(0)
}

// A power of two has more room on one side than on the other
const powers = Array.from({ length: 50 }, () => 2 ** ((random() % 2098) - 1074))
const randoms = Array.from({ length: 150 }, randomDouble)
const shorts = Array.from({ length: 50 }, () => (random() % 1e6) / 10 ** (random() % 12))

// Of some powers of two the nearest number with as few digits is another one: they are left out
function isNearest(number) {
  let digits = number.toExponential().replace(/e.*|[.-]/g, '')
  return Number(number.toPrecision(digits.length)) === number
}

console.log('/* Written by doubles.js. */')
console.log('// clang-format off')
console.log('\nstatic const char *const double_table[] = {')
for (let number of [...CHOSEN, ...powers, ...randoms, ...shorts]) {
  if (Number.isFinite(number) && isNearest(number)) console.log(`    "${number}",`)
}
console.log('};')
