// Kubernetes rewrites quantities (`1000m` becomes `1`), so two texts may be the same amount.
import { equalJson } from '../../api/json.ts'

const quantity = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

/** Equal JSON, or two quantities of the same amount. */
export function equalQuantities(a: unknown, b: unknown): boolean {
  if (equalJson(a, b)) return true
  const [first, second] = [amount(a), amount(b)]
  return first !== undefined && first === second
}

function amount(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const match = typeof value === 'string' ? quantity.exec(value) : null
  if (!match?.[1]) return undefined
  const [, digits, suffix, exponent] = match
  if (exponent !== undefined) return Number(`${digits}e${exponent}`)
  if (suffix === undefined) return Number(digits)
  if (suffix.endsWith('i')) return Number(digits) * 1024 ** ('KMGTPE'.indexOf(suffix.charAt(0)) + 1)
  return Number(`${digits}e${decimal[suffix] ?? 0}`)
}
