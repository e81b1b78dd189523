// What one rule gives for one value: its result and cost, and the field error when it is broken.
import type { FieldError } from '../../../api/status-error.ts'
import { duplicateValue, forbiddenField, invalidValue, requiredValue } from '../field-errors.ts'
import { memberPath } from '../field-path.ts'
import type { Program } from './expression-program.ts'
import { CostExceeded, createMeter } from './meter.ts'
import type { CompiledRule, RuleSource } from './rule.ts'
import type { Result } from './values.ts'

const messageBytesMax = 5 * 1024

export interface Values {
  readonly self: Result
  readonly oldSelf: Result
}

export interface Evaluated {
  readonly result: Result
  readonly cost: number
  readonly isExceeded: boolean
}

export function evaluate(program: Program, { self, oldSelf }: Values): Evaluated {
  const meter = createMeter()
  try {
    const result = program.run(self, oldSelf, meter)
    return { result, cost: Math.ceil(Math.max(meter.cost, meter.work)), isExceeded: false }
  } catch (error) {
    if (!(error instanceof CostExceeded)) throw error
    return { result: null, cost: meter.max, isExceeded: true }
  }
}

export const fieldOf = (path: string): string => (path === '' ? '<nil>' : path)

const ruleName = ({ source }: CompiledRule) => (source.message === '' ? source.rule : source.message).trim()

export function exceededText(rule: CompiledRule): string {
  const text = 'operation cancelled: actual cost limit exceeded'
  return `'${text}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleName(rule)}`
}

export function failureText(message: string, rule: CompiledRule): string {
  if (!message.startsWith('no such overload')) return `${message} evaluating rule: ${ruleName(rule)}`
  return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleName(rule)}`
}

interface BrokenPlace {
  readonly values: Values
  readonly path: string
  readonly type: string
  /** What the object may still cost. */
  readonly remaining: number
}

/** A message that takes all that remains ends the rules of the object. */
export function brokenRule(rule: CompiledRule, place: BrokenPlace): { error: FieldError; messageCost: number } {
  const { source, fieldPath, message } = rule
  const { type, path, remaining } = place
  const field = fieldOf(fieldPath === '' ? path : memberPath(path, fieldPath))
  const plain = source.message === '' ? `failed rule: ${source.rule.trim()}` : source.message.trim()
  if (message === undefined) return { error: errorFor(source.reason, { field, type, text: plain }), messageCost: 0 }
  const evaluated = evaluate(message, place.values)
  const problem = costProblem(source, evaluated, remaining)
  if (problem !== undefined) return { error: invalidValue(field, type, problem), messageCost: remaining + 1 }
  const text = messageOf(evaluated.result) ?? plain
  return { error: errorFor(source.reason, { field, type, text }), messageCost: evaluated.cost }
}

function costProblem({ messageExpression }: RuleSource, { cost, isExceeded }: Evaluated, remaining: number) {
  if (isExceeded) {
    const quoted = JSON.stringify(messageExpression)
    return `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quoted}`
  }
  if (cost <= remaining) return undefined
  return 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run'
}

/** undefined when the message of the rule, or the rule itself, is to be shown instead. */
function messageOf(result: Result): string | undefined {
  const text = typeof result === 'string' ? result.trim() : ''
  return text === '' || text.includes('\n') || Buffer.byteLength(text) > messageBytesMax ? undefined : text
}

interface Shown {
  readonly field: string
  readonly type: string
  readonly text: string
}

function errorFor(reason: string | undefined, { field, type, text }: Shown): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(field, text)
    case 'FieldValueRequired':
      return requiredValue(field, text)
    case 'FieldValueDuplicate':
      return duplicateValue(field, JSON.stringify(type))
  }
  return invalidValue(field, type, text)
}
