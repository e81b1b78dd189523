// Label selectors: what they are, when they match, and their texts. Parsing is beside, in parse-label-selector.ts.
// A selector is a list of requirements that all must hold, so the empty one matches everything.
import { badRequest } from '../status-error.ts'
import { checkRequirement } from './requirement.ts'

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt'

export interface Requirement {
  readonly key: string
  readonly operator: Operator
  /** Sorted and without repeats when it comes from text. */
  readonly values: readonly string[]
}

export type LabelSelector = readonly Requirement[]

/** The selector in objects, such as spec.selector. */
export interface LabelSelectorObject {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export const everything: LabelSelector = []
/** A value out of no values: holds for no object. */
export const nothing: LabelSelector = [{ key: '', operator: 'in', values: [] }]

type Labels = Readonly<Record<string, string>>

export function matchesLabels(selector: LabelSelector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!holds(requirement, labels)) return false
  return true
}

function holds({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value)
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    default:
      return value !== undefined && compares(operator, value, values[0] ?? '')
  }
}

const integer = /^[+-]?\d+$/

function compares(operator: 'gt' | 'lt', value: string, bound: string): boolean {
  if (!integer.test(value) || !integer.test(bound)) return false
  return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound)
}

/** The canonical text: what a client sends, and what status.selector of a Scale holds. */
export function formatLabelSelector(selector: LabelSelector): string {
  return selector.map(formatRequirement).join(',')
}

const signs = { '=': '=', '==': '==', '!=': '!=', gt: '>', lt: '<' }

function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key
  if (operator === '!') return `!${key}`
  const list = [...values].sort().join(',')
  return operator === 'in' || operator === 'notin' ? `${key} ${operator} (${list})` : key + signs[operator] + list
}

const objectOperators: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

/** A selector from an object: absent selects nothing, `{}` everything. Throws 400 on bad operators, keys and values. */
export function labelSelectorOf(object: LabelSelectorObject | null | undefined): LabelSelector {
  if (object === undefined || object === null) return nothing
  const requirements = Object.entries(object.matchLabels ?? {}).map(([key, value]) => requirement(key, '=', [value]))
  for (const { key, operator, values } of object.matchExpressions ?? []) {
    const known = Object.hasOwn(objectOperators, operator) ? objectOperators[operator] : undefined
    if (known === undefined) throw badRequest(`"${operator}" is not a valid label selector operator`)
    requirements.push(requirement(key, known, values ?? []))
  }
  return requirements.sort(byKey)
}

/** Equality of every label given. */
export function selectorFromLabels(labels: Labels): LabelSelector {
  return Object.entries(labels)
    .map(([key, value]): Requirement => ({ key, operator: '=', values: [value] }))
    .sort(byKey)
}

/** Throws 400 when the requirement breaks the rules of keys or values. */
export function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const errors = checkRequirement(key, operator, values)
  if (errors.length > 0) throw badRequest(errors.length === 1 ? String(errors[0]) : `[${errors.join(', ')}]`)
  return { key, operator, values }
}

export function byKey(a: Requirement, b: Requirement): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}
