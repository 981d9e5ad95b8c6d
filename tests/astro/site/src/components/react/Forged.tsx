export default function Forged({ value }) {
  return <p className="forged">{value.title}</p>
}
