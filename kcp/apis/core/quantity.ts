// Kubernetes' quantities, as far as rules compare them: 100m, 1.5, 2Gi, 1e3.

const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 }
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

/** As a double, which is near enough to compare two; undefined for what is no quantity. */
export function quantityValue(text: string): number | undefined {
  const [, sign, amount, suffix = ''] = /^([+-]?)(\d+\.?\d*|\.\d+)([a-zA-Z]*|[eE][+-]?\d+)$/.exec(text) ?? []
  if (amount === undefined) return undefined
  const factor = factorOf(suffix)
  return factor === undefined ? undefined : (sign === '-' ? -1 : 1) * Number(amount) * factor
}

function factorOf(suffix: string): number | undefined {
  if (/^[eE][+-]?\d+$/.test(suffix)) return 10 ** Number(suffix.slice(1))
  if (Object.hasOwn(binary, suffix)) return 1024 ** (binary[suffix] ?? 0)
  return Object.hasOwn(decimal, suffix) ? 10 ** (decimal[suffix] ?? 0) : undefined
}
