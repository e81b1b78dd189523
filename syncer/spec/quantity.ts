// Kubernetes rewrites quantities (`1000m` becomes `1`), so two texts may be the same amount.
import { equalJson } from '../../api/json.ts'
import { compareQuantities, parseQuantity, type Quantity } from '../../api/quantity.ts'

/** Equal JSON, or two quantities of the same amount. */
export function equalQuantities(a: unknown, b: unknown): boolean {
  if (equalJson(a, b)) return true
  const [first, second] = [amount(a), amount(b)]
  return first !== undefined && second !== undefined && compareQuantities(first, second) === 0
}

function amount(value: unknown): Quantity | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const quantity = parseQuantity(String(value))
  return typeof quantity === 'string' ? undefined : quantity
}
