// Where a program matches: the leftmost match, and of those the one the pattern prefers. All threads step together, in
// the order of their preference. Leaves out: groups.
import { holds, kindOf, RegExpCostError, type StepBudget } from './match.ts'
import type { Program } from './program.ts'

export interface Match {
  readonly start: number
  readonly end: number
}

/** Steps of one search, about a tenth of a second at worst. */
export const findStepsMax = 1_000_000

interface Thread {
  readonly at: number
  readonly start: number
}

/** All matches that do not overlap, at most `max` (negative for all of them). Throws RegExpCostError. */
export function findMatches(
  program: Program,
  text: string,
  { max, budget = { steps: findStepsMax } }: { readonly max: number; readonly budget?: StepBudget },
): Match[] {
  const found: Match[] = []
  let from = 0
  let previousEnd = -1
  while (from <= text.length && (max < 0 || found.length < max)) {
    const match = findMatch(program, { text, from, budget })
    if (match === undefined) break
    const isEmpty = match.start === match.end
    // Go leaves out an empty match right behind the one before.
    if (!isEmpty || match.start !== previousEnd) found.push(match)
    previousEnd = match.end
    from = isEmpty ? match.end + ((text.codePointAt(match.end) ?? 0) > 0xffff ? 2 : 1) : match.end
  }
  return found
}

interface Search {
  readonly text: string
  readonly from: number
  readonly budget: StepBudget
}

function findMatch(program: Program, { text, from, budget }: Search): Match | undefined {
  let threads: Thread[] = []
  let match: Match | undefined
  for (let i = from; i <= text.length; ) {
    const code = text.codePointAt(i)
    if (match === undefined) threads.push({ at: program.start, start: i })
    const settled = settle(program, threads, { text, place: i, budget })
    match = settled.match ?? match
    if (settled.waiting.length === 0 && match !== undefined) break
    if (code === undefined) break
    threads = advance(program, settled.waiting, code)
    i += code > 0xffff ? 2 : 1
  }
  return match
}

interface Place {
  readonly text: string
  readonly place: number
  readonly budget: StepBudget
}

/** Follows what consumes nothing; a match ends all threads that are less preferred. */
function settle(
  { instructions }: Program,
  threads: readonly Thread[],
  { text, place, budget }: Place,
): { waiting: Thread[]; match: Match | undefined } {
  const seen = new Set<number>()
  const waiting: Thread[] = []
  const before = place === 0 ? 'edge' : kindOf(text.charCodeAt(place - 1))
  const after = place === text.length ? 'edge' : kindOf(text.charCodeAt(place))
  const pending = [...threads].reverse()
  for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
    if (seen.has(thread.at)) continue
    seen.add(thread.at)
    if (--budget.steps < 0) throw new RegExpCostError('the pattern is too expensive for this text')
    const { start } = thread
    const instruction = instructions[thread.at]
    if (instruction?.type === 'match') return { waiting, match: { start, end: place } }
    if (instruction?.type === 'char') waiting.push(thread)
    else if (instruction?.type === 'fork')
      pending.push({ at: instruction.second, start }, { at: instruction.first, start })
    else if (instruction && holds(instruction.assertion, before, after)) pending.push({ at: instruction.next, start })
  }
  return { waiting, match: undefined }
}

function advance({ instructions }: Program, waiting: readonly Thread[], code: number): Thread[] {
  return waiting.flatMap(({ at, start }) => {
    const instruction = instructions[at]
    return instruction?.type === 'char' && instruction.test(code) ? [{ at: instruction.next, start }] : []
  })
}
