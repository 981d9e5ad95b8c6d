// The shapes of graph that are measured. Each gets a library with the API of Nano Stores and returns
// a function that makes one update and one that answers what the listeners got, so that every
// library is seen to do the same work.
const times = (n, fn) => Array.from({ length: n }, (_, i) => fn(i))

const counting = $stores => {
  let sum = 0
  for (let $store of $stores) {
    $store.listen(value => {
      sum = (sum + value) | 0
    })
  }
  return () => sum
}

const writer = $atom => {
  let i = 0
  return () => $atom.set(++i)
}

export const SHAPES = {
  'atom, 1 listener'({ atom }) {
    let $atom = atom(0)
    return { sum: counting([$atom]), update: writer($atom) }
  },
  'atom, 100 listeners'({ atom }) {
    let $atom = atom(0)
    return { sum: counting(times(100, () => $atom)), update: writer($atom) }
  },
  'diamonds in a row'({ atom, computed }) {
    let $a = atom(0)
    let $last = $a
    times(3, () => {
      let $left = computed($last, x => x + 1)
      let $right = computed($last, x => x * 2)
      $last = computed([$left, $right], (x, y) => (x + y) | 0)
    })
    return { sum: counting([$last]), update: writer($a) }
  },
  'chain of 50 computeds'({ atom, computed }) {
    let $a = atom(0)
    let $last = $a
    times(50, () => {
      $last = computed($last, x => x + 1)
    })
    return { sum: counting([$last]), update: writer($a) }
  },
  '10 × 10 grid'({ atom, computed }) {
    let $a = atom(0)
    let row = times(10, () => $a)
    times(10, () => {
      let above = row
      row = times(10, i => computed([above[i], above[(i + 1) % 10]], (x, y) => (x + y) | 0))
    })
    return { sum: counting(row), update: writer($a) }
  },
  'cut-off, 20 below'({ atom, computed }) {
    let $a = atom(0)
    let $last = computed($a, () => 0)
    times(20, () => {
      $last = computed($last, x => x + 1)
    })
    return { sum: counting([$last]), update: writer($a) }
  },
  'map, 1 of 100 keys, 100 key listeners'({ map, listenKeys }) {
    let $map = map(Object.fromEntries(times(100, i => [`key${i}`, 0])))
    let sum = 0
    times(100, i =>
      listenKeys($map, [`key${i}`], value => {
        sum = (sum + value[`key${i}`]) | 0
      })
    )
    let i = 0
    return { sum: () => sum, update: () => $map.setKey(`key${++i % 100}`, i) }
  },
  'batch of 100 writes'({ atom, batch }) {
    let atoms = times(100, () => atom(0))
    let i = 0
    return {
      sum: counting(atoms),
      update: () =>
        batch(() => {
          i++
          for (let $atom of atoms) $atom.set(i)
        })
    }
  }
}
