import type { CartItem, CartItems } from './cart'

const KEY = 'cart'

function isCartItem(item: unknown): item is CartItem {
  const { id, name, imageSrc, price, quantity } = (item ?? {}) as CartItem
  return (
    [id, name, imageSrc].every(text => typeof text === 'string') &&
    Number.isSafeInteger(price) &&
    Number.isSafeInteger(quantity) &&
    quantity > 0
  )
}

/** The saved cart without the entries that cannot be read; undefined if there is no storage. */
export function readCart(): CartItems | undefined {
  let json: string | null
  try {
    json = localStorage.getItem(KEY)
  } catch {
    return undefined
  }
  try {
    const items = Object.values(JSON.parse(json ?? '{}') ?? {}).filter(isCartItem)
    return Object.fromEntries(items.map(item => [item.id, item]))
  } catch {
    return {}
  }
}

/** Does nothing where storage is blocked or full: the cart then lasts as long as the page. */
export function writeCart(items: CartItems) {
  try {
    localStorage.setItem(KEY, JSON.stringify(items))
  } catch {}
}

/** Calls back when another tab has written the cart. Returns the clean-up. */
export function onCartWritten(callback: () => void) {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === KEY || key === null) callback()
  }
  // A page that comes back from the back/forward cache has missed these events.
  const onPageShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted) callback()
  }
  addEventListener('storage', onStorage)
  addEventListener('pageshow', onPageShow)
  return () => {
    removeEventListener('storage', onStorage)
    removeEventListener('pageshow', onPageShow)
  }
}
