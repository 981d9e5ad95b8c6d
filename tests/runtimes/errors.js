// The first script of a page: `outcome` is what the page reports, or the error that it ends with.
globalThis.outcome = new Promise(resolve => {
  globalThis.report = resolve
  addEventListener('error', ({ message }) => resolve(message))
})
