// An expression as a program for a machine without backtracking: each step consumes one code point, forks, asserts or
// matches.
import { type Assertion, type CharClass, type Expression, RegExpSyntaxError } from './syntax.ts'

export type CharTest = (codePoint: number) => boolean

export type Instruction =
  | { readonly type: 'char'; readonly test: CharTest; readonly next: number }
  | { readonly type: 'fork'; readonly first: number; readonly second: number }
  | { readonly type: 'assert'; readonly assertion: Assertion; readonly next: number }
  | { readonly type: 'match' }

/** Time to match is at most this times the length of the text. */
const instructionsMax = 20_000

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly start: number
}

export function compileProgram(expression: Expression): Program {
  const instructions: Instruction[] = [{ type: 'match' }]
  const add = (instruction: Instruction): number => {
    if (instructions.length >= instructionsMax) {
      throw new RegExpSyntaxError('error parsing regexp: expression too large')
    }
    return instructions.push(instruction) - 1
  }
  const set = (at: number, instruction: Instruction) => {
    instructions[at] = instruction
  }
  const start = write(expression, 0, { add, set })
  return { instructions, start }
}

interface Sink {
  add(instruction: Instruction): number
  set(at: number, instruction: Instruction): void
}

/** Writes what leads to `next` and returns where it starts. */
function write(expression: Expression, next: number, sink: Sink): number {
  switch (expression.type) {
    case 'class':
      return sink.add({ type: 'char', test: testOf(expression.class), next })
    case 'assert':
      return sink.add({ type: 'assert', assertion: expression.assertion, next })
    case 'sequence':
      return expression.parts.reduceRight((after, part) => write(part, after, sink), next)
    case 'choice':
      return expression.options
        .map(option => write(option, next, sink))
        .reduceRight((second, first) => sink.add({ type: 'fork', first, second }))
    case 'repeat':
      return writeRepeat(expression, next, sink)
  }
}

type Repeat = Extract<Expression, { type: 'repeat' }>

function writeRepeat({ what, min, max, greedy }: Repeat, next: number, sink: Sink): number {
  const fork = (body: number, after: number): Instruction =>
    greedy ? { type: 'fork', first: body, second: after } : { type: 'fork', first: after, second: body }
  let start = next
  if (max === Number.POSITIVE_INFINITY) {
    const loop = sink.add({ type: 'fork', first: next, second: next })
    sink.set(loop, fork(write(what, loop, sink), next))
    start = loop
  } else {
    for (let i = min; i < max; i++) start = sink.add(fork(write(what, start, sink), next))
  }
  for (let i = 0; i < min; i++) start = write(what, start, sink)
  return start
}

const asciiCount = 128
const tests = new Map<string, CharTest>()
const testsMax = 5000

function testOf(charClass: CharClass): CharTest {
  const key = JSON.stringify(charClass)
  let test = tests.get(key)
  if (test === undefined) {
    if (tests.size >= testsMax) tests.clear()
    test = createTest(charClass)
    tests.set(key, test)
  }
  return test
}

/** One code point against JavaScript's classes; answers for ASCII are kept. */
function createTest({ negated, items }: CharClass): CharTest {
  const parts = items.map(item => ({ pattern: new RegExp(item.source, item.foldsCase ? 'iu' : 'u'), item }))
  const ask = (codePoint: number) => {
    const char = String.fromCodePoint(codePoint)
    return parts.some(({ pattern, item }) => pattern.test(char) !== item.negated) !== negated
  }
  const known = new Uint8Array(asciiCount)
  for (let code = 0; code < asciiCount; code++) known[code] = ask(code) ? 1 : 0
  return codePoint => (codePoint < asciiCount ? known[codePoint] === 1 : ask(codePoint))
}
