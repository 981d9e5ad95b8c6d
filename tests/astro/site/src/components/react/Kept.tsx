import { useStore } from 'lagoon/react'
import { useState } from 'react'
import { count } from '../../stores/counter'

export default function Kept({ page }) {
  const [clicks, setClicks] = useState(0)
  return (
    <button className="kept" onClick={() => setClicks(clicks + 1)}>
      page {page}, {clicks} clicks, count {useStore(count)}
    </button>
  )
}
