// Runs a program over a text in time linear in its length: all threads step together, and the sets of threads are
// remembered as states of an automaton. Work is counted, so that no pattern holds up the process.

import type { Instruction, Program } from './program.ts'
import type { Assertion } from './syntax.ts'

/** Steps of one match, about a tenth of a second at worst. */
export const matchStepsMax = 5_000_000
const statesMax = 500
/** Sets with more threads hardly come again. */
const keptThreadsMax = 100
const asciiCount = 128

export class RegExpCostError extends Error {
  override readonly name = 'RegExpCostError'
}

/** What a match or a search may still take; counted down. */
export interface StepBudget {
  steps: number
}

/** Threads at one place of the text, before they look at what surrounds it. */
interface State {
  readonly threads: readonly number[]
  readonly previous: Kind
  /** What follows an ASCII code point, where it was needed before. */
  readonly next: (State | 'match' | undefined)[] | undefined
}

type Kind = 'edge' | 'word' | 'newline' | 'other'

export interface Matcher {
  /** Instructions of the program. */
  readonly size: number
  /** Whether the pattern matches anywhere. Throws RegExpCostError. */
  test(text: string, budget?: StepBudget): boolean
}

export function createMatcher(program: Program): Matcher {
  const { instructions, start } = program
  const settled = createMarks(instructions.length)
  const added = createMarks(instructions.length)
  let states = new Map<string, State>()
  let left: StepBudget = { steps: 0 }
  const stateOf = (threads: number[], previous: Kind): State => {
    const isKept = threads.length <= keptThreadsMax
    const key = isKept ? `${previous} ${threads.sort((a, b) => a - b).join()}` : ''
    const known = isKept ? states.get(key) : undefined
    if (known !== undefined) return known
    const state: State = { threads, previous, next: isKept ? new Array(asciiCount).fill(undefined) : undefined }
    if (!isKept) return state
    if (states.size >= statesMax) states = new Map()
    states.set(key, state)
    return state
  }
  /** All threads that wait for a code point; undefined when one of them has matched. */
  const settle = (state: State, following: Kind): number[] | undefined => {
    const waiting: number[] = []
    const pending = [...state.threads]
    settled.clear()
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (!settled.add(at)) continue
      left.steps--
      const instruction: Instruction | undefined = instructions[at]
      if (instruction?.type === 'match') return undefined
      if (instruction?.type === 'char') waiting.push(at)
      else if (instruction?.type === 'fork') pending.push(instruction.second, instruction.first)
      else if (instruction && holds(instruction.assertion, state.previous, following)) pending.push(instruction.next)
    }
    return waiting
  }
  const step = (state: State, codePoint: number): State | 'match' => {
    const waiting = settle(state, kindOf(codePoint))
    if (waiting === undefined) return 'match'
    if (left.steps < 0) throw new RegExpCostError('the pattern is too expensive for this text')
    added.clear()
    added.add(start)
    // A match may start at the next place too.
    const threads = [start]
    for (const at of waiting) {
      const instruction = instructions[at]
      if (instruction?.type === 'char' && instruction.test(codePoint) && added.add(instruction.next)) {
        threads.push(instruction.next)
      }
    }
    return stateOf(threads, kindOf(codePoint))
  }
  return {
    size: instructions.length,
    test(text, budget = { steps: matchStepsMax }) {
      left = budget
      let state = stateOf([start], 'edge')
      for (let i = 0; i < text.length; i++) {
        const code = text.codePointAt(i) ?? 0
        if (code > 0xffff) i++
        let next = code < asciiCount ? state.next?.[code] : undefined
        if (next === undefined) {
          next = step(state, code)
          if (code < asciiCount && state.next) state.next[code] = next
        }
        if (next === 'match') return true
        state = next
      }
      return settle(state, 'edge') === undefined
    },
  }
}

interface Marks {
  clear(): void
  /** Whether it was not marked yet. */
  add(at: number): boolean
}

const roundsMax = 0xffff_ffff

function createMarks(count: number): Marks {
  const marks = new Uint32Array(count)
  let round = 1
  return {
    clear() {
      if (round === roundsMax) marks.fill(0)
      round = round === roundsMax ? 1 : round + 1
    },
    add(at) {
      if (marks[at] === round) return false
      marks[at] = round
      return true
    },
  }
}

export function kindOf(codePoint: number): Kind {
  if (codePoint === 10) return 'newline'
  const isWord =
    (codePoint >= 97 && codePoint <= 122) ||
    (codePoint >= 65 && codePoint <= 90) ||
    (codePoint >= 48 && codePoint <= 57) ||
    codePoint === 95
  return isWord ? 'word' : 'other'
}

/** `edge` before the first and after the last code point. */
export function holds(assertion: Assertion, previous: Kind, following: Kind): boolean {
  switch (assertion) {
    case 'textStart':
      return previous === 'edge'
    case 'textEnd':
      return following === 'edge'
    case 'lineStart':
      return previous === 'edge' || previous === 'newline'
    case 'lineEnd':
      return following === 'edge' || following === 'newline'
    case 'wordBoundary':
      return (previous === 'word') !== (following === 'word')
    case 'noWordBoundary':
      return (previous === 'word') === (following === 'word')
  }
}
