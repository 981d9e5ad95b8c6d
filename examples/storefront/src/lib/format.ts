const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

export function formatPrice(cents: number) {
  return euros.format(cents / 100)
}

export function formatCount(count: number) {
  return count === 1 ? '1 item' : `${count} items`
}
