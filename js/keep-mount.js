// Keeps a store mounted, in tests or for as long as the page lives.
export const keepMount = $store => {
  $store.listen(() => {})
}
