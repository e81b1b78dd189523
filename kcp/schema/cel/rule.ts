// One entry of x-kubernetes-validations: read, compiled, and the field its failures name.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import type { SchemaNode } from '../schema-node.ts'
import { estimateCost } from './estimate.ts'
import { compileProgram, type Program } from './expression-program.ts'
import { findBadConversion } from './literals.ts'
import { resolveFieldPath } from './rule-field-path.ts'
import { rootTypeName, type Shape } from './shape.ts'
import { optionalOf } from './types.ts'

export interface RuleSource {
  readonly rule: string
  readonly message: string
  readonly messageExpression: string
  readonly reason: string | undefined
  readonly fieldPath: string
  readonly optionalOldSelf: boolean | undefined
}

export interface CompiledRule {
  readonly source: RuleSource
  /** Absent when there is a problem, or nothing to check. */
  readonly program?: Program
  readonly problem?: string
  readonly message?: Program
  readonly messageProblem?: string
  /** Appended to the path of the value: `.x` or `['x']` as messages show it; '' for the value itself. */
  readonly fieldPath: string
  readonly maxCost: () => number
  readonly messageMaxCost: () => number
}

export function readRules(schema: JsonObject): readonly RuleSource[] {
  const rules = schema['x-kubernetes-validations']
  return Array.isArray(rules) ? rules.filter(isJsonObject).map(readRule) : []
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

function readRule(entry: JsonObject): RuleSource {
  return {
    rule: textOf(entry.rule),
    message: textOf(entry.message),
    messageExpression: textOf(entry.messageExpression),
    reason: typeof entry.reason === 'string' ? entry.reason : undefined,
    fieldPath: textOf(entry.fieldPath),
    optionalOldSelf: typeof entry.optionalOldSelf === 'boolean' ? entry.optionalOldSelf : undefined,
  }
}

const free = () => 0

export function compileRule(source: RuleSource, shape: Shape, node: SchemaNode): CompiledRule {
  const nothing = { source, fieldPath: '', maxCost: free, messageMaxCost: free }
  if (source.rule.trim() === '') return nothing
  const oldType = source.optionalOldSelf === true ? optionalOf(shape.type) : shape.type
  const variables = new Map([
    ['self', shape.type],
    ['oldSelf', oldType],
  ])
  const program = compileProgram(source.rule, variables)
  if (typeof program === 'string') return { ...nothing, problem: `compilation failed: ${shortNames(program, shape)}` }
  if (program.type.kind !== 'bool') return { ...nothing, problem: 'cel expression must evaluate to a bool' }
  const conversion = findBadConversion(program.checked)
  if (conversion !== undefined) return { ...nothing, problem: `program instantiation failed: ${conversion}` }
  const path = source.fieldPath === '' ? undefined : resolveFieldPath(source.fieldPath, node)
  const message = compileMessage(source, variables)
  return {
    source,
    program,
    ...message,
    fieldPath: path?.shown ?? '',
    maxCost: () => estimateCost(program.checked, shape),
    messageMaxCost: () => (message.message === undefined ? 0 : estimateCost(message.message.checked, shape)),
  }
}

/** Messages name types from the value of the rule on. */
function shortNames(problems: string, { type }: Shape): string {
  return type.kind === 'object' ? problems.replaceAll(type.name, rootTypeName) : problems
}

function compileMessage(
  { messageExpression }: RuleSource,
  variables: Parameters<typeof compileProgram>[1],
): Pick<CompiledRule, 'message' | 'messageProblem'> {
  if (messageExpression === '') return {}
  const message = compileProgram(messageExpression, variables)
  if (typeof message === 'string') return { messageProblem: `messageExpression compilation failed: ${message}` }
  if (message.type.kind !== 'string') return { messageProblem: 'messageExpression must evaluate to a string' }
  return { message }
}
