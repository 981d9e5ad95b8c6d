import { defineAction } from 'astro:actions'
import { z } from 'astro/zod'
import { count } from '../stores/counter'

export const server = {
  add: defineAction({
    accept: 'form',
    input: z.object({ by: z.number() }),
    async handler({ by }, { cookies, session }) {
      count.set(Number(cookies.get('count')?.value ?? 0) + by)
      // Others have their turn
      await new Promise(resolve => setTimeout(resolve, 20))
      cookies.set('count', `${count.get()}`)
      await session.set('count', count.get())
      return count.get()
    }
  })
}
