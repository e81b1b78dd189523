// What one requirement of a label selector may hold, with Kubernetes' texts.
import { checkLabelValue, checkQualifiedName } from '../names/rules.ts'
import type { Operator } from './label-selector.ts'

const integer = /^[+-]?\d{1,19}$/

export function checkRequirement(key: string, operator: Operator, values: readonly string[]): string[] {
  const errors = checkQualifiedName(key)
  const texts = errors.length === 0 ? [] : [`key: Invalid value: ${JSON.stringify(key)}: ${errors.join('; ')}`]
  texts.push(...checkCount(operator, values))
  if (operator === 'gt' || operator === 'lt') {
    const bad = values.flatMap((value, i) => (integer.test(value) ? [] : [[value, i] as const]))
    texts.push(...bad.map(([value, i]) => `values[${i}]: Invalid value: ${JSON.stringify(value)}: ${integerText}`))
  }
  values.forEach((value, i) => {
    const reasons = checkLabelValue(value)
    if (reasons.length > 0) {
      texts.push(`values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${reasons.join('; ')}`)
    }
  })
  return texts
}

const integerText = "for 'Gt', 'Lt' operators, the value must be an integer"

function checkCount(operator: Operator, values: readonly string[]): string[] {
  const invalid = (text: string) => [`values: Invalid value: ${goStrings(values)}: ${text}`]
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? invalid("for 'in', 'notin' operators, values set can't be empty") : []
    case 'exists':
    case '!':
      return values.length === 0 ? [] : invalid('values set must be empty for exists and does not exist')
    case 'gt':
    case 'lt':
      return values.length === 1 ? [] : invalid("for 'Gt', 'Lt' operators, exactly one value is required")
    default:
      return values.length === 1 ? [] : invalid('exact-match compatibility requires one single value')
  }
}

// Kubernetes prints a list as a value of Go; from text an empty one is empty, not nil.
function goStrings(values: readonly string[]): string {
  return `[]string{${values.map(value => JSON.stringify(value)).join(', ')}}`
}
