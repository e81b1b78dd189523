// One expression of a rule: parsed, checked and compiled. The one entry to the language for rules.
import { type Checked, checkExpression, type Variables } from './check.ts'
import { compile } from './evaluate.ts'
import { formatProblems, type Problem } from './expression.ts'
import { findBadLiterals } from './literals.ts'
import type { Meter } from './meter.ts'
import type { Evaluate } from './scope.ts'
import { parseExpression } from './syntax.ts'
import type { Type } from './types.ts'
import type { Result } from './values.ts'

export interface Program {
  readonly checked: Checked
  readonly type: Type
  readonly usesOldSelf: boolean
  /** Throws CostExceeded. */
  run(self: Result, oldSelf: Result, meter: Meter): Result
}

/** The program, or the problems as cel-go prints them. */
export function compileProgram(source: string, variables: Variables): Program | string {
  const parsed = parseExpression(source)
  if ('problems' in parsed) return formatProblems(source, parsed.problems)
  const found = checkExpression(parsed.expression, variables)
  if ('problems' in found) return formatProblems(source, found.problems)
  const { checked } = found
  const badLiterals: readonly Problem[] = findBadLiterals(checked)
  if (badLiterals.length > 0) return formatProblems(source, badLiterals)
  const slots = new Map([
    ['self', 0],
    ['oldSelf', 1],
  ])
  let evaluate: Evaluate | undefined
  return {
    checked,
    type: checked.type,
    usesOldSelf: checked.usesVariables.has('oldSelf'),
    run(self, oldSelf, meter) {
      evaluate ??= compile(parsed.expression, { checked, slots, slotCount: 2 })
      return evaluate({ meter, slots: [self, oldSelf] })
    },
  }
}
