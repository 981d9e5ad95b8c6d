export const MAX_QUANTITY = 99

export function isQuantity(quantity: number) {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY
}
