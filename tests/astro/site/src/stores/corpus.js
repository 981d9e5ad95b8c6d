const pair = (high, low = '') => String.fromCharCode(high) + low

/** Texts that have broken out of pages, and values of every kind. One that runs calls run(). `long` is repeated. */
export const corpus = times => ({
  texts: [
    '</script><script>run()</script>',
    '<!--<script>run()',
    '--><img src=x onerror=run()>',
    "'><img src=x onerror=run()>",
    '"><svg onload=run()>',
    '</template><img src=x onerror=run()>',
    '<astro-island uid="1" component-url="data:text/javascript,run()"></astro-island>',
    '&lt;b&gt;&amp;&#39;&quot;&#x27;',
    ']]> ${run()} `',
    '\u2028\u2029\u0000\ufeff\r\n\t\\',
    pair(0xd800),
    pair(0xdfff, 'x'),
    '🛰️'
  ],
  keys: JSON.parse('{"__proto__":{"isHacked":true},"constructor":1,"</script>":2,"a\'b\\"c":3}'),
  kinds: [
    undefined,
    null,
    -0,
    NaN,
    -Infinity,
    12345678901234567890n,
    new Date(0),
    new URL('https://example.org/?a=<b>'),
    new Map([[{ a: 1 }, new Set(['<', "'"])]]),
    new Uint8Array([0, 255]),
    new Float64Array([0.5, -1])
  ],
  long: "<!--'".repeat(times)
})

/** The same text for the same value, here and there. */
export function describe(value) {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || !value) return Object.is(value, -0) ? '-0' : String(value)
  const kind = Object.prototype.toString.call(value)
  if (value instanceof Date || value instanceof URL) return `${kind} ${JSON.stringify(value)}`
  const isKeyed = value instanceof Map || value instanceof Set
  const entries = isKeyed ? [...value.entries()] : Object.entries(value)
  return `${kind} {${entries.map(([key, item]) => `${describe(key)}: ${describe(item)}`).join(', ')}}`
}
