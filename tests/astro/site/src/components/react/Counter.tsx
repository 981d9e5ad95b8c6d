import { useStore } from 'lagoon/react'
import { count } from '../../stores/counter'

export default function Counter({ store = count }) {
  const value = useStore(store)
  return (
    <button className="counter" data-framework="react" onClick={() => store.set(value + 1)}>
      {value}
    </button>
  )
}
