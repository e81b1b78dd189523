// LimitRanges as objects: defaults that follow from limits, and limits that fit each other. Leaves out: enforcement.
import { type JsonObject, plainText } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { compareQuantities, parseQuantity } from '../../../api/quantity.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { duplicateValue, invalidValue } from '../../schema/field-errors.ts'
import { indexPath, keyPath } from '../../schema/field-path.ts'
import { ensureObject, objectAt, objectsAt, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const types = new Set(['Pod', 'Container', 'PersistentVolumeClaim'])

/** What a container gets when it says nothing: at most the maximum, at least the minimum. */
function defaults(range: JsonObject): void {
  for (const limit of objectsAt(range, 'spec', 'limits')) {
    if (limit.type !== 'Container') continue
    fill(limit, 'default', objectAt(limit, 'max'))
    fill(limit, 'defaultRequest', objectAt(limit, 'default'))
    fill(limit, 'defaultRequest', objectAt(limit, 'min'))
  }
}

function fill(limit: JsonObject, name: string, amounts: JsonObject): void {
  if (Object.keys(amounts).length > 0) limit[name] = { ...amounts, ...ensureObject(limit, name) }
}

function validate(range: KubeObject): FieldError[] {
  const seen = new Set<string>()
  return objectsAt(range, 'spec', 'limits').flatMap((limit, index) => {
    const path = indexPath('spec.limits', index)
    const type = textAt(limit, 'type')
    const errors = checkAmounts(limit, path)
    if (!types.has(type) && !type.includes('/')) {
      errors.unshift(invalidValue(`${path}.type`, type, 'must be a standard limit type or fully qualified'))
    }
    if (seen.has(type)) errors.push(duplicateValue(`${path}.type`, JSON.stringify(type)))
    seen.add(type)
    return errors
  })
}

/** Each pair must not be the wrong way round. */
const order = [
  ['min', 'max'],
  ['defaultRequest', 'max'],
  ['default', 'max'],
  ['defaultRequest', 'default'],
  ['min', 'defaultRequest'],
  ['min', 'default'],
] as const
const spoken = { min: 'min', max: 'max', default: 'default', defaultRequest: 'default request' }

function checkAmounts(limit: JsonObject, path: string): FieldError[] {
  return order.flatMap(([low, high]) =>
    Object.entries(objectAt(limit, low)).flatMap(([name, amount]) => {
      const other = objectAt(limit, high)[name]
      const [a, b] = [parseQuantity(plainText(amount)), parseQuantity(plainText(other))]
      if (typeof a === 'string' || typeof b === 'string' || compareQuantities(a, b) <= 0) return []
      const text = `${spoken[low]} value ${amount} is greater than ${spoken[high]} value ${other}`
      return [invalidValue(keyPath(`${path}.${low}`, name), plainText(amount), text)]
    }),
  )
}

export const limitRangeRules: NativeRules = { defaults, strategy: { validate, validateUpdate: validate } }
