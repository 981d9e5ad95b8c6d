import { useStore } from 'lagoon/react'
import { describe } from '../../stores/corpus.js'
import { values } from '../../stores/values.js'

export default function Values() {
  return <pre id="values">{describe({ ...useStore(values), long: '' })}</pre>
}
