// Literal arguments that can never work are refused when a rule is compiled: durations, timestamps,
// patterns, formats.
import { goRegExpProblem } from '../go-regexp.ts'
import type { Checked } from './check.ts'
import type { Expression, Problem } from './expression.ts'
import { findBadFormat } from './format-literals.ts'
import { createMeter } from './meter.ts'
import { parseDuration, parseTimestamp } from './time-values.ts'
import { isFailure } from './values.ts'

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  duration: text => parseDuration(text) !== undefined,
  timestamp: text => parseTimestamp(text) !== undefined,
  matches: text => goRegExpProblem(text) === undefined,
}

export function findBadLiterals(checked: Checked): readonly Problem[] {
  return partsOf(checked.expression).flatMap(part => {
    if (part.kind !== 'call') return []
    const format = findBadFormat(part, checked)
    if (format !== undefined) return [format]
    if (!Object.hasOwn(checks, part.name)) return []
    const literal = part.args.at(-1)
    if (literal?.kind !== 'literal' || typeof literal.value !== 'string') return []
    return checks[part.name]?.(literal.value) === false
      ? [{ at: literal.at, text: `invalid ${part.name} argument` }]
      : []
  })
}

const precomputed = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'timestamp', 'duration']

/** Conversions of literals and patterns of searches are prepared when a rule is compiled; what the first one that fails says. */
export function findBadConversion(checked: Checked): string | undefined {
  for (const part of partsOf(checked.expression)) {
    const [arg] = part.kind === 'call' ? part.args : []
    if (part.kind !== 'call' || arg?.kind !== 'literal') continue
    if ((part.name === 'find' || part.name === 'findAll') && typeof arg.value === 'string') {
      const problem = goRegExpProblem(arg.value)
      if (problem !== undefined) return problem
    }
    if (!precomputed.includes(part.name)) continue
    const result = checked.overloadsAt(part)[0]?.call([arg.value], createMeter())
    if (isFailure(result)) return result.message
  }
  return undefined
}

function partsOf(expression: Expression): Expression[] {
  const parts: Expression[] = []
  const pending = [expression]
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    parts.push(part)
    pending.push(...childrenOf(part))
  }
  return parts
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return []
    case 'select':
      return [expression.operand]
    case 'call':
      return expression.receiver === undefined ? expression.args : [expression.receiver, ...expression.args]
    case 'list':
      return expression.items
    case 'map':
      return expression.entries.flat()
    case 'loop':
      return [expression.range, expression.predicate, expression.transform].filter(part => part !== undefined)
    case 'optional-map':
      return [expression.operand, expression.body]
  }
}
