import { useStore } from 'lagoon/react'

export default function Nested({ stores: [first, { second }], date }) {
  return (
    <p id="nested">
      {useStore(first)} {useStore(second)} {date.getTime()}
    </p>
  )
}
