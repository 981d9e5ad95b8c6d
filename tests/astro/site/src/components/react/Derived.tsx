import { useStore } from 'lagoon/react'
import { useId } from 'react'
import { count, label, sentence } from '../../stores/counter'

export default function Derived() {
  const { text } = useStore(sentence)
  return (
    <p className="derived" id={useId()} title={useStore(label)}>
      {useStore(count)}: {text}
    </p>
  )
}
