// The syntax tree of a regular expression in RE2's syntax (Go's), and its errors in Go's words.

/** One code point; a class says which. */
export interface CharClass {
  readonly negated: boolean
  readonly items: readonly ClassItem[]
}

/** Part of a class: a JavaScript class of one code point, without look at what surrounds it. */
export interface ClassItem {
  readonly source: string
  readonly negated: boolean
  readonly foldsCase: boolean
}

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'noWordBoundary'

export type Expression =
  | { readonly type: 'class'; readonly class: CharClass }
  | { readonly type: 'assert'; readonly assertion: Assertion }
  | { readonly type: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly type: 'choice'; readonly options: readonly Expression[] }
  | {
      readonly type: 'repeat'
      readonly what: Expression
      readonly min: number
      readonly max: number
      readonly greedy: boolean
    }

export class RegExpSyntaxError extends Error {
  override readonly name = 'RegExpSyntaxError'
}

export function syntaxError(problem: string, text: string): RegExpSyntaxError {
  return new RegExpSyntaxError(`error parsing regexp: ${problem}: \`${text}\``)
}

export interface Flags {
  readonly foldCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
  readonly ungreedy: boolean
}

/** Where the parser is in the pattern's code points. */
export interface Cursor {
  at: number
  readonly done: boolean
  readonly whole: string
  readonly rest: string
  /** '' behind the end. */
  peek(offset?: number): string
  next(): string
  /** Goes on behind this text if it comes next. */
  accept(text: string): boolean
  /** What was read since `from`. */
  since(from: number): string
}

export function createCursor(pattern: string): Cursor {
  const points = [...pattern]
  return {
    at: 0,
    get done() {
      return this.at >= points.length
    },
    whole: pattern,
    get rest() {
      return points.slice(this.at).join('')
    },
    peek(offset = 0) {
      return points[this.at + offset] ?? ''
    },
    next() {
      return points[this.at++] ?? ''
    },
    accept(text) {
      for (let i = 0; i < text.length; i++) if (this.peek(i) !== text[i]) return false
      this.at += text.length
      return true
    },
    since(from) {
      return points.slice(from, this.at).join('')
    },
  }
}
