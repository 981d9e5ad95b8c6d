import { useStore } from 'lagoon/react'
import { count, step } from '../stores/counter.js'

export default function Counter() {
  const value = useStore(count)
  return (
    <button className="counter" onClick={() => count.set(value + step)}>
      {value}
    </button>
  )
}
