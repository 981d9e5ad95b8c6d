// Measures one shape with several libraries, in turns, in Node or in a page.
//
// A library is what bundle() of peers.js makes: { name, peer, SHAPES, time, takeClock }.

const isOverflow = error => /call stack|too much recursion/i.test(error?.message ?? error)
const KINDS = 24 // updates of each shape, before any is timed

class Without extends Error {}
class TooSlow extends Error {}

// For a word that an adapter does not have, or a shape that it can't take, it has the reason.
const wordsOf = peer =>
  new Proxy(peer, {
    get(target, word) {
      if (word in target) return target[word]
      throw new Without(target.without?.[word] ?? `the adapter has no ${word}`)
    }
  })

const begin = ({ peer, SHAPES, takeClock }, shape, size) => {
  takeClock()
  if (peer.without?.[shape]) throw new Without(peer.without[shape])
  let tally = { sum: 0 }
  let built = SHAPES[shape].build(wordsOf(peer), tally, size)
  tally.sum = 0
  return typeof built === 'function' ? { tally, update: built } : { tally, ...built }
}

// An application has graphs of many kinds, and so has what is compiled for it seen all of them.
const seeAllKinds = library => {
  for (let [shape, { sizes, writes = 16 }] of Object.entries(library.SHAPES)) {
    try {
      let { update, end } = begin(library, shape, sizes?.[1])
      library.time(update, writes === 16 ? KINDS : writes, writes)
      end?.()
    } catch (error) {
      if (!(error instanceof Without)) throw error
    }
  }
}

const sumOf = run => {
  let { sum } = run.tally
  run.tally.sum = 0
  return sum
}

// Throws if a library takes more than three seconds for a part of what it would have to do.
const tryParts = (library, shape) => {
  let { sizes, trials = [], writes } = library.SHAPES[shape]
  for (let size of trials) {
    let began = performance.now()
    library.time(begin(library, shape, size).update, writes, writes)
    let seconds = (performance.now() - began) / 1000
    if (seconds > 3) {
      throw new TooSlow(`took ${seconds.toFixed(1)} s for ${size} of ${sizes[0]} rows`)
    }
  }
}

const checkOf = run => {
  run.check?.()
  return sumOf(run)
}

/** The median of a list of numbers, its quartiles, and how many there are. */
export const quartiles = list => {
  let sorted = [...list].sort((a, b) => a - b)
  let at = part => {
    let place = (sorted.length - 1) * part
    let low = Math.floor(place)
    return sorted[low] + (sorted[Math.ceil(place)] - sorted[low]) * (place - low)
  }
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)], rounds: sorted.length }
}

/**
 * Returns for each library by its name the nanoseconds of an operation: { median, quartiles, rounds };
 * or { without } with the reason why it has no such thing, { tooSlow } with how slow it was, or
 * { overflow } with what overflowed the call stack. Throws if two of them did different work.
 *
 * effort: { rounds, roundMs, warmMs, limitMs } for most shapes, { aloneRounds, aloneMs } for large ones;
 * `limitMs` and `aloneMs` are about how long a library may take before it gets no more rounds. `tell` is
 * called with what is going on. `size` is a small one for tests.
 */
export const measure = async (
  shape,
  libraries,
  effort,
  { tell = () => {}, isSmall = false } = {}
) => {
  let { alone, least = 3, of = () => 1, sizes, writes = 16 } = libraries[0].SHAPES[shape]
  let size = sizes?.[isSmall ? 1 : 0]
  let results = {}
  let expected = {}
  let errors = []

  // Some libraries write errors to the console instead of throwing them
  let { error: consoleError, log } = console
  console.error = console.log = (...parts) => errors.push(...parts)

  // Calls fn for a library, unless that fell out before. What it says of the sums must be what all say.
  let turn = (library, fn) => {
    let { name } = library
    if (results[name]) return
    errors = []
    library.takeClock()
    try {
      let heard = fn(library)
      if (errors.length) throw errors.find(error => error instanceof Error) ?? errors[0]
      for (let [what, { sum, updates = 1 }] of Object.entries(heard ?? {})) {
        let known = (expected[what] ??= { name, sum: sum / updates })
        if (sum !== Math.imul(updates, known.sum)) {
          throw new Error(
            `of ${updates} it made ${sum}, and ${known.name} makes ${known.sum} of one`
          )
        }
      }
    } catch (error) {
      if (error instanceof Without) results[name] = { without: error.message }
      else if (error instanceof TooSlow) results[name] = { tooSlow: error.message }
      else if ([error, ...errors].some(isOverflow)) results[name] = { overflow: library.stage }
      else throw new Error(`${name}, ${shape}: ${error?.message ?? error}`, { cause: error })
    }
  }

  try {
    let runs = libraries.map(library => ({ ...library, times: [], spent: 0, stage: 'made' }))
    let inTurns = async (rounds, limit, fn) => {
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < runs.length; i++) {
          let run = runs[(i + round) % runs.length]
          if (results[run.name] || (round >= least && run.spent > limit)) continue
          tell(`round ${round + 1} of ${rounds}, ${run.name}`)
          let began = performance.now()
          turn(run, fn)
          run.spent += performance.now() - began
          // What a library has left in the queue of microtasks
          await null
        }
      }
    }
    if (!isSmall) {
      await inTurns(1, 0, seeAllKinds)
      await inTurns(1, 0, run => tryParts(run, shape))
    }

    if (alone) {
      await inTurns(1, 0, run => {
        let began = performance.now()
        do {
          let small = begin(run, shape, sizes[1])
          run.time(small.update, writes, writes)
          small.end()
        } while (performance.now() - began < effort.warmMs)
        run.spent = 0
      })
      await inTurns(effort.aloneRounds, effort.aloneMs, run => {
        globalThis.gc?.()
        run.stage = 'made'
        let built = begin(run, shape, size)
        run.stage = 'updated'
        let ms = run.time(built.update, writes, writes)
        run.times.push((ms * 1e6) / (writes * of(size)))
        let heard = { updates: { sum: sumOf(built) }, check: { sum: checkOf(built) } }
        run.stage = 'taken down'
        built.end()
        return heard
      })
    } else {
      await inTurns(1, 0, run => {
        Object.assign(run, begin(run, shape, size))
        run.stage = 'updated'
        run.time(run.update, writes, writes)
        return { updates: { sum: sumOf(run) }, check: { sum: checkOf(run) } }
      })
      // Warm-up, and how many updates fill a round
      await inTurns(1, 0, run => {
        let began = performance.now()
        run.count = writes
        while (performance.now() - began < effort.warmMs) {
          if (run.time(run.update, run.count, writes) < effort.roundMs / 2) run.count *= 2
        }
        run.tally.sum = run.spent = 0
      })
      await inTurns(effort.rounds, effort.limitMs, run => {
        let ms = run.time(run.update, run.count, writes)
        run.times.push((ms * 1e6) / (run.count * of(size)))
        return {
          updates: { sum: sumOf(run), updates: run.count / writes },
          check: { sum: checkOf(run) }
        }
      })
    }
    for (let { name, times } of runs) results[name] ??= quartiles(times)
    return Object.fromEntries(libraries.map(({ name }) => [name, results[name]]))
  } finally {
    console.error = consoleError
    console.log = log
  }
}
