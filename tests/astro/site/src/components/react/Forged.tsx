export default function Forged({ value }) {
  return <p id="forged">{value.title}</p>
}
