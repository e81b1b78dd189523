// The tree of an expression, with macros as nodes of their own, and problems with their place in the text.
import type { Value } from './values.ts'

interface Node {
  /** Where messages point to, in UTF-16 units: the operator, or the parenthesis of a call. */
  readonly at: number
}
export interface Literal extends Node {
  readonly kind: 'literal'
  readonly value: Value
}
export interface Identifier extends Node {
  readonly kind: 'identifier'
  readonly name: string
}
export interface Select extends Node {
  readonly kind: 'select'
  readonly operand: Expression
  readonly field: string
  /** `has(a.b)` only asks; `a.?b` gives an optional. */
  readonly mode: 'value' | 'test' | 'optional'
}
/** Operators are calls too: `_+_`, `@in`, `_[_]`, `_?_:_`. */
export interface Call extends Node {
  readonly kind: 'call'
  readonly name: string
  readonly receiver?: Expression
  readonly args: readonly Expression[]
}
export interface ListLiteral extends Node {
  readonly kind: 'list'
  readonly items: readonly Expression[]
  /** Indexes of elements that are there only if their optional has a value. */
  readonly optionals: ReadonlySet<number>
}
export interface MapLiteral extends Node {
  readonly kind: 'map'
  readonly entries: readonly (readonly [key: Expression, value: Expression])[]
  readonly optionals: ReadonlySet<number>
}
export type LoopName = 'all' | 'exists' | 'exists_one' | 'filter' | 'map'
export interface Loop extends Node {
  readonly kind: 'loop'
  readonly name: LoopName
  readonly range: Expression
  readonly variable: string
  readonly predicate?: Expression
  /** Of map only. */
  readonly transform?: Expression
}
/** `a.optMap(x, f(x))`; optFlatMap's body gives an optional itself. */
export interface OptionalMap extends Node {
  readonly kind: 'optional-map'
  readonly operand: Expression
  readonly variable: string
  readonly body: Expression
  readonly isFlat: boolean
}
export type Expression = Literal | Identifier | Select | Call | ListLiteral | MapLiteral | Loop | OptionalMap

export interface Problem {
  readonly at: number
  readonly text: string
}

/** As many as cel-go prints; and no more when lines are very long, for each is shown with its line. */
const problemsMax = 100
const problemCharsMax = 100_000

/** `ERROR: <input>:1:5: …` with the line and a caret, as cel-go prints them. */
export function formatProblems(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n')
  let next = 0
  const starts = lines.map(line => {
    const start = next
    next += line.length + 1
    return start
  })
  const ordered = [...problems].sort((a, b) => a.at - b.at)
  const shown: string[] = []
  let chars = 0
  for (const { at, text } of ordered.slice(0, problemsMax)) {
    if (chars > problemCharsMax) break
    const row = starts.findLastIndex(start => start <= at)
    const line = lines[row] ?? ''
    const before = [...line.slice(0, at - (starts[row] ?? 0))]
    const dots = before.map(char => (isWide(char) ? '．' : '.')).join('')
    const caret = isWide(String.fromCodePoint(line.codePointAt(at - (starts[row] ?? 0)) ?? 0)) ? '＾' : '^'
    const place = `${row + 1}:${before.length + 1}`
    shown.push(`ERROR: <input>:${place}: ${text}\n | ${line.replaceAll('\t', ' ')}\n | ${dots}${caret}`)
    chars += line.length + before.length
  }
  if (shown.length < ordered.length) shown.push(`${ordered.length - shown.length} more errors were truncated`)
  return shown.join('\n')
}

function isWide(char: string): boolean {
  return (char.codePointAt(0) ?? 0) > 0x7f
}
