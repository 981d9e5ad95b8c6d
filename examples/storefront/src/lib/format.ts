const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

export function formatPrice(cents: number) {
  return euros.format(cents / 100)
}

/** Says so if there are only a few; nothing as long as nobody knows. */
export function formatStock(left: number) {
  return left <= 3 ? `Only ${left} left` : ''
}

export function formatCount(count: number) {
  return count === 1 ? '1 item' : `${count} items`
}
