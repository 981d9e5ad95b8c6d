import { useStore } from 'lagoon/preact'
import { count } from '../../stores/counter'

export default function Counter({ store = count }) {
  const value = useStore(store)
  return (
    <button class="counter" data-framework="preact" onClick={() => store.set(value + 1)}>
      {value}
    </button>
  )
}
