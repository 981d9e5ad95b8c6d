// Servers: the warehouse is slow to answer, so pages are sent without waiting for it.
import { setTimeout } from 'node:timers/promises'
import stock from '../data/stock.json'

/** How many pieces there are, by product. STOCK_DELAY says how many milliseconds it takes. */
export async function countStock(): Promise<Record<string, number>> {
  await setTimeout(Number(process.env.STOCK_DELAY ?? 500))
  return stock
}
