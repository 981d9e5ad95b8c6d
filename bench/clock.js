// The clock of the benchmarks. Nano Stores and Lagoon unmount a store a second after its last listener
// left; here what is put off is run as soon as a shape asks for it, and so is timed with the rest.
let delayed = []

export const takeClock = () => {
  globalThis.setTimeout = (fn, _delay, ...args) => {
    let timer = { fn, args }
    delayed.push(timer)
    return timer
  }
  globalThis.clearTimeout = timer => {
    if (timer) timer.fn = undefined
  }
}

export const runDelayed = () => {
  let due = delayed
  delayed = []
  for (let { fn, args } of due) fn?.(...args)
}
