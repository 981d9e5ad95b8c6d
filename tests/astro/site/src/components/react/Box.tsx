export default function Box({ children }) {
  return <section>{children}</section>
}
