// An answer that is no page, and is made while it is sent.
import { setTimeout as sleep } from 'node:timers/promises'
import { read, write } from '../stores/all.js'

const encoder = new TextEncoder()

export const GET = ({ url }) => {
  const secret = url.searchParams.get('secret')
  write(secret)
  let rounds = 0
  const body = new ReadableStream({
    async pull(controller) {
      await sleep(Math.random() * 30)
      controller.enqueue(encoder.encode(`${read()}\n`))
      write(secret)
      if (++rounds < 3) return
      controller.enqueue(encoder.encode('</html>'))
      controller.close()
    }
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
