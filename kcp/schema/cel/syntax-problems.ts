// Refusals of the parser in the words of cel-go's. What a lexer cannot read is blanked, so that what follows is told too.
import type { ParseError } from '@marcbachmann/cel-js'
import type { Problem } from './expression.ts'

export interface Refusal {
  readonly problem: Problem
  /** The text without what could not be read; absent when nothing more can be told. */
  readonly rest?: string
}

export const operands =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

export const tooDeep: Problem = { at: 0, text: 'expression recursion limit exceeded: 250' }

/** What stands at a place, as the messages quote it. */
function tokenAt(source: string, start: number, end: number): string {
  return start >= source.length ? '<EOF>' : source.slice(start, Math.max(end, start + 1))
}

export function explainRefusal(error: ParseError, source: string): Refusal {
  const start = error.range?.start ?? 0
  const token = tokenAt(source, start, error.range?.end ?? start)
  const after = source.slice(start + token.length)
  const at = (text: string, place = start): Refusal => ({ problem: { at: place, text } })
  switch (error.code) {
    case 'unexpected_token':
      return at(`Syntax error: ${misplaced(token, /^\s*[[{(.\-!\w"']/.test(after))} expecting ${operands}`)
    case 'unexpected_character':
      if (error.summary.startsWith("Unexpected character: '")) {
        return at(`Syntax error: ${misplaced(token, after.trim() === '')} expecting <EOF>`)
      }
      return unreadable(source, start, /^[=&|]/.test(token) ? Math.min(start + 2, source.length) : start + 1)
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
    case 'newline_in_string':
      return unreadable(source, error.code === 'newline_in_string' ? quoteBefore(source, start) : start, source.length)
    case 'expected_token':
      return at(`Syntax error: ${expected(error.summary, token)}`)
    case 'reserved_identifier':
      return at(`reserved identifier: ${token}`)
    case 'invalid_macro_argument':
      return at('argument must be a simple name', source[start - 1] === '.' ? start - 1 : start)
    case 'limit_exceeded':
      return { problem: tooDeep }
    case 'invalid_number':
      return at('invalid double literal')
    case 'invalid_integer':
    case 'invalid_hex_integer':
      return at(/u$/i.test(token) ? 'invalid uint literal' : 'invalid int literal')
  }
  if (error.code.includes('escape')) {
    return unreadable(source, quoteBefore(source, start), error.range?.end ?? start + 1)
  }
  return at(`Syntax error: ${error.summary}`)
}

/** A token too many when leaving it out would help, else the wrong one. */
function misplaced(token: string, isTooMuch: boolean): string {
  return `${isTooMuch && token !== '<EOF>' ? 'extraneous' : 'mismatched'} input '${token}'`
}

function quoteBefore(source: string, at: number): number {
  return Math.max(0, source.lastIndexOf("'", at - 1), source.lastIndexOf('"', at - 1))
}

function unreadable(source: string, start: number, end: number): Refusal {
  const text = `Syntax error: token recognition error at: '${source.slice(start, end)}'`
  return { problem: { at: start, text }, rest: source.slice(0, start) + ' '.repeat(end - start) + source.slice(end) }
}

function expected(summary: string, token: string): string {
  const wanted = /^Expected (\w+)/.exec(summary)?.[1]
  switch (wanted) {
    case 'RPAREN':
      return `missing ')' at '${token}'`
    case 'COLON':
      return `mismatched input '${token}' expecting ':'`
    case 'RBRACKET':
      return `mismatched input '${token}' expecting {']', ','}`
    case 'RBRACE':
      return `mismatched input '${token}' expecting {'}', ','}`
    case 'IDENTIFIER':
      return `no viable alternative at input '.${token === '<EOF>' ? '' : token}'`
  }
  return summary
}
