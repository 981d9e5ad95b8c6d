import { lazy, Suspense } from 'react'

const Derived = lazy(async () => {
  await globalThis.untilOvertaken
  return import('./Derived')
})

export default function Lazy() {
  return (
    <Suspense fallback="…">
      <Derived />
    </Suspense>
  )
}
