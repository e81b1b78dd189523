// Go's regular expressions (RE2): the same syntax, the same errors, and matching in linear time. Compiled ones are kept.
import { findMatches } from './regexp/find.ts'
import { createMatcher, type Matcher, type StepBudget } from './regexp/match.ts'
import { parseRegExp } from './regexp/parse.ts'
import { compileProgram } from './regexp/program.ts'
import { RegExpSyntaxError } from './regexp/syntax.ts'

export interface GoRegExp extends Matcher {
  /** The texts of all matches that do not overlap, at most `max`; negative for all of them. Throws RegExpCostError. */
  findAll(text: string, max: number, budget?: StepBudget): string[]
}

const cache = new Map<string, GoRegExp | RegExpSyntaxError>()
const cacheSizeMax = 1000
const cachedInstructionsMax = 500_000
let cachedInstructions = 0

function compiled(pattern: string): GoRegExp | RegExpSyntaxError {
  let found = cache.get(pattern)
  if (found === undefined) {
    found = compile(pattern)
    cachedInstructions += found instanceof RegExpSyntaxError ? 0 : found.size
    if (cache.size >= cacheSizeMax || cachedInstructions > cachedInstructionsMax) {
      cache.clear()
      cachedInstructions = 0
    }
    cache.set(pattern, found)
  }
  return found
}

function compile(pattern: string): GoRegExp | RegExpSyntaxError {
  try {
    const program = compileProgram(parseRegExp(pattern))
    const matcher = createMatcher(program)
    const findAll = (text: string, max: number, budget?: StepBudget) =>
      findMatches(program, text, budget === undefined ? { max } : { max, budget }).map(({ start, end }) =>
        text.slice(start, end),
      )
    return { ...matcher, findAll }
  } catch (error) {
    if (error instanceof RegExpSyntaxError) return error
    throw error
  }
}

/** undefined when Go refuses the pattern. */
export function compileGoRegExp(pattern: string): GoRegExp | undefined {
  const found = compiled(pattern)
  return found instanceof RegExpSyntaxError ? undefined : found
}

/** What Go says about a pattern it refuses. */
export function goRegExpProblem(pattern: string): string | undefined {
  const found = compiled(pattern)
  return found instanceof RegExpSyntaxError ? found.message : undefined
}
