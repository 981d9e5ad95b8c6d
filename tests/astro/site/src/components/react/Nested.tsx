import { useStore } from 'lagoon/react'

export default function Nested({ stores: [first, { second }], byName, all, date }) {
  const others = [byName.get('price'), ...all].map($store => $store === first)
  return (
    <p id="nested">
      {useStore(first)} {useStore(second)} {date.getTime()} {others.join()}
    </p>
  )
}
