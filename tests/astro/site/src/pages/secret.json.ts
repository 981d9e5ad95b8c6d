import { allTasks } from 'lagoon'
import { count, label } from '../stores/counter'

export async function GET({ url }) {
  const secret = Number(url.searchParams.get('is'))
  const seen = [count.get()]
  count.set(secret)
  for (let round = 0; round < 3; round++) {
    await new Promise(resolve => setTimeout(resolve, Math.random() * 20))
    seen.push(count.get(), label.get())
  }
  await allTasks()
  return Response.json(seen)
}
