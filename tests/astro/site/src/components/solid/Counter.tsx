import { useStore } from 'lagoon/solid'
import { count } from '../../stores/counter'

export default function Counter(props) {
  const store = props.store ?? count
  const value = useStore(store)
  return (
    <button class="counter" data-framework="solid" onClick={() => store.set(value() + 1)}>
      {value()}
    </button>
  )
}
