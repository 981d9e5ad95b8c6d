// The shapes of graph that are measured, and the loop that measures them. Each library gets a copy of
// this file with its adapter, so that no code that is timed has seen another library.
//
// `build` gets an adapter of peers/, a tally and a size, and returns the function that makes one
// update. Its number is between 1 and `writes`, and never twice the same. Instead it may return an object:
//   update   that function
//   check    makes a few more updates, which are not timed
//   end      stops all that listens
// A round is a multiple of `writes`, so that each of a shape adds the same to the tally. What a listener
// is told at once, where a library does that, is 0 whenever that counts.
//
//   sizes    how large in the benchmark, and to warm up and to test
//   of       how many operations one update makes, of a size
//   unit     what such an operation is, if it is no update
//   trials   sizes to try before: where a path to a store is gone for itself, there are too many in the end
//   least    how many rounds a library gets, however long it takes; otherwise 3
//   alone    too large to be kept for all libraries at once: built anew for each round
import { runDelayed } from './clock.js'

const times = (n, fn) => Array.from({ length: n }, (_, i) => fn(i))

const repeat = (n, value, fn) => {
  for (let i = 0; i < n; i++) value = fn(value, i)
  return value
}

const stopAll = stops => {
  for (let stop of stops) stop()
  runDelayed()
}

const chain =
  length =>
  (peer, tally, size = length) => {
    let { atom, hear, plus, writer } = peer
    let source = atom(0)
    let add = last => {
      let store = plus(last, 1)
      // Where the first run of a computed is what recurses, and no update
      if ('runFirst' in peer) peer.runFirst(store)
      return store
    }
    let stop = hear(repeat(size, source, add), tally)
    return { update: writer(source), end: () => stopAll([stop]) }
  }

// Each computed has two above it, and those at the ends are neighbours.
const grid =
  (width, height) =>
  ({ atom, hear, mean, plus, writer }, tally, size = height) => {
    let source = atom(0)
    let first = times(width, i => plus(source, 2 * i))
    let last = repeat(size - 1, first, above =>
      times(width, i => mean(above[i], above[(i + 1) % width]))
    )
    for (let store of last) hear(store, tally)
    return writer(source)
  }

// One of a hundred listeners has the key that is written, the others have other keys.
const keys =
  count =>
  ({ hearKey, keyWriter, keyed }, tally, size = count) => {
    let names = times(size, i => `key${i}`)
    let map = keyed(names, 0)
    hearKey(map, names[0], tally)
    for (let i = 0; i < 99; i++) hearKey(map, names[1 + (i % (size - 1))], tally)
    return keyWriter(map, names[0])
  }

const computeds = ({ atom, hear, plus, writer }, tally, size) => {
  let source = atom(0)
  let stops = times(size, i => hear(plus(source, i & 1023), tally))
  return { update: writer(source), end: () => stopAll(stops) }
}

// What the programs `simple` and `hooks` of Nano Stores' benchmark do with an atom.
const listenAndIncrease = ({ hear, read }, tally, store, write) => {
  let increase = () => write(read(store) + 1)
  increase()
  let stopFirst = hear(store, tally)
  let stopSecond = hear(store, tally)
  stopFirst()
  let stopThird = hear(store, tally)
  increase()
  increase()
  increase()
  stopSecond()
  stopThird()
  runDelayed()
}

export const SHAPES = {
  'atom, 1 listener': {
    build({ atom, hear, writer }, tally) {
      let source = atom(0)
      hear(source, tally)
      return writer(source)
    }
  },
  'atom, 100 listeners': {
    build({ atom, hear, writer }, tally) {
      let source = atom(0)
      times(100, () => hear(source, tally))
      return writer(source)
    }
  },
  'map of 10 keys, 100 key listeners': { build: keys(10) },
  'map of 10,000 keys, 100 key listeners': { sizes: [10_000, 20], build: keys() },
  'Nano Stores’ benchmark: simple': {
    unit: 'program',
    build(peer, tally) {
      let { atom, writer } = peer
      return () => {
        let source = atom(-1)
        listenAndIncrease(peer, tally, source, writer(source))
      }
    }
  },
  'Nano Stores’ benchmark: hooks': {
    unit: 'program',
    build(peer, tally) {
      let { hooked } = peer
      return () => {
        let { store, write } = hooked(-1, tally)
        listenAndIncrease(peer, tally, store, write)
      }
    }
  },
  'Nano Stores’ benchmark: computed': {
    unit: 'program',
    build({ atom, hear, mean, plus, writer }, tally) {
      return () => {
        let entry = atom(-1)
        let a = plus(entry, 0)
        let b = plus(a, 1)
        let c = plus(a, 1)
        let d = mean(b, c)
        let e = plus(d, 1)
        let f = mean(d, e)
        let g = mean(d, e)
        let h = mean(f, g)
        let stop = hear(h, tally)
        let write = writer(entry)
        for (let i = 0; i < 100; i++) write(i)
        stop()
        runDelayed()
      }
    }
  },
  'chain of 50': { build: chain(50) },
  '50 branches of 2': {
    build({ atom, hear, plus, writer }, tally) {
      let source = atom(0)
      times(50, i => hear(plus(plus(source, i), 1), tally))
      return writer(source)
    }
  },
  'grid of 10 × 10': { build: grid(10, 10) },
  'grid of 100 × 100': {
    sizes: [100, 4],
    trials: [12, 16, 20, 24, 36, 48, 64],
    writes: 2,
    build: grid(100)
  },
  'triangle of 10': {
    build({ atom, hear, plus, total, writer }, tally) {
      let source = atom(0)
      let sides = [source]
      times(9, i => sides.push(plus(sides[i], 1)))
      hear(total(sides), tally)
      return writer(source)
    }
  },
  'cut-off, 20 below': {
    build({ atom, hear, over, plus, writer }, tally) {
      let source = atom(0)
      hear(
        repeat(20, over(source, 99), last => plus(last, 1)),
        tally
      )
      let write = writer(source)
      return {
        update: write,
        check() {
          write(100)
          write(0)
        }
      }
    }
  },
  'branch that switches': {
    build({ atom, choose, hear, plus, writer }, tally) {
      let condition = atom(0)
      let other = atom(0)
      let odd = plus(plus(other, 1), 2)
      let even = plus(plus(other, 3), 4)
      hear(choose(condition, odd, even), tally)
      return writer(condition)
    }
  },
  'batch of 100 writes': {
    build({ atom, batchWriter, hear }, tally) {
      let atoms = times(100, () => atom(0))
      for (let source of atoms) hear(source, tally)
      return batchWriter(atoms)
    }
  },
  '1,000 computeds on one atom': { sizes: [1000, 100], writes: 2, build: computeds },
  '100,000 computeds on one atom': {
    sizes: [100_000, 100],
    writes: 2,
    alone: true,
    build: computeds
  },
  'chain of 100,000': { sizes: [100_000, 100], writes: 2, alone: true, build: chain() },
  '1,000,000 stores alive': {
    sizes: [1_000_000, 100],
    of: size => size,
    unit: 'write',
    writes: 2,
    alone: true,
    least: 1,
    build({ atom, hear, writer }, tally, size) {
      let atoms = times(size, () => atom(0))
      let stops = atoms.map(source => hear(source, tally))
      let writers = atoms.map(writer)
      return {
        update(value) {
          for (let write of writers) write(value)
        },
        end: () => stopAll(stops)
      }
    }
  },
  'creation of 100,000': {
    group: 'creation',
    sizes: [100_000, 100],
    of: size => size,
    unit: 'atom, computed and listener',
    writes: 1,
    alone: true,
    build({ atom, hear, plus, writer }, tally, size) {
      let atoms = []
      let stops = []
      return {
        update() {
          for (let i = 0; i < size; i++) {
            let source = atom(-1)
            atoms.push(source)
            stops.push(hear(plus(source, 1), tally))
          }
        },
        check() {
          for (let source of atoms) writer(source)(1)
        },
        end: () => stopAll(stops)
      }
    }
  },
  'mount and unmount of 100,000': {
    group: 'creation',
    sizes: [100_000, 100],
    of: size => size,
    unit: 'atom, computed and listener',
    writes: 2,
    alone: true,
    build({ atom, hear, plus, writer }, tally, size) {
      let atoms = times(size, () => atom(-1))
      let stores = atoms.map(source => plus(source, 1))
      let mount = () => stores.map(store => hear(store, tally))
      return {
        update: () => stopAll(mount()),
        check() {
          let stops = mount()
          for (let source of atoms) writer(source)(0)
          stopAll(stops)
          for (let source of atoms) writer(source)(-1)
        },
        end() {}
      }
    }
  }
}

// Milliseconds for `count` updates, with the numbers 1 to `writes` over and over.
export const time = (update, count, writes) => {
  let mask = writes - 1
  let began = performance.now()
  for (let i = 0; i < count; i++) update(1 + (i & mask))
  return performance.now() - began
}
