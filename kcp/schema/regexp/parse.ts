// A pattern in RE2's syntax as an expression. Throws RegExpSyntaxError with the text of Go's parser.
import { classOf, parseBracketClass, parseCharEscape, parseClassEscape } from './char-class.ts'
import { type Assertion, type Cursor, createCursor, type Expression, type Flags, syntaxError } from './syntax.ts'

const depthMax = 1000
const repeatMax = 1000

export function parseRegExp(pattern: string): Expression {
  const cursor = createCursor(pattern)
  const state: State = {
    cursor,
    flags: { foldCase: false, multiLine: false, dotAll: false, ungreedy: false },
    depth: 0,
  }
  const expression = parseChoice(state)
  if (!cursor.done) throw syntaxError('unexpected )', cursor.whole)
  return expression
}

interface State {
  readonly cursor: Cursor
  flags: Flags
  depth: number
}

function parseChoice(state: State): Expression {
  if (++state.depth > depthMax) throw syntaxError('expression nests too deeply', state.cursor.whole)
  const options = [parseSequence(state)]
  while (state.cursor.accept('|')) options.push(parseSequence(state))
  state.depth--
  const [only] = options
  return options.length === 1 && only ? only : { type: 'choice', options }
}

function parseSequence(state: State): Expression {
  const { cursor } = state
  const parts: Expression[] = []
  let lastRepeat = -1
  while (!cursor.done && cursor.peek() !== '|' && cursor.peek() !== ')') {
    const start = cursor.at
    const count = parseCount(state)
    if (count === undefined) {
      lastRepeat = -1
      parts.push(...parseOne(state))
      continue
    }
    const what = parts.pop()
    if (lastRepeat >= 0) throw syntaxError('invalid nested repetition operator', cursor.since(lastRepeat))
    if (what === undefined) throw syntaxError('missing argument to repetition operator', cursor.since(start))
    const repeat: Expression = { type: 'repeat', what, ...count }
    if (repeatsOf(repeat) > repeatMax) throw syntaxError('invalid repeat count', cursor.since(start))
    parts.push(repeat)
    lastRepeat = start
  }
  return { type: 'sequence', parts }
}

interface Count {
  readonly min: number
  readonly max: number
  readonly greedy: boolean
}

/** `*`, `+`, `?`, `{n,m}` and a `?` after it; undefined when there is none. */
function parseCount({ cursor, flags }: State): Count | undefined {
  const start = cursor.at
  const simple = { '*': [0, Number.POSITIVE_INFINITY], '+': [1, Number.POSITIVE_INFINITY], '?': [0, 1] }[cursor.peek()]
  const braces = simple ? undefined : /^\{(\d+)(,(\d*))?\}/.exec(cursor.peek() === '{' ? cursor.rest : '')
  if (!simple && !braces) return undefined
  let [min = 0, max = 0] = simple ?? []
  if (braces) {
    min = Number(braces[1])
    max = braces[2] === undefined ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3])
  }
  cursor.at += braces ? braces[0].length : 1
  const lazy = cursor.accept('?')
  if (min > repeatMax || (max > repeatMax && max !== Number.POSITIVE_INFINITY) || max < min) {
    throw syntaxError('invalid repeat count', cursor.since(start))
  }
  return { min, max, greedy: lazy === flags.ungreedy }
}

function parseOne(state: State): Expression[] {
  const { cursor, flags } = state
  const char = cursor.peek()
  if (char === '(') return parseGroup(state)
  if (char === '[') return [{ type: 'class', class: parseBracketClass(cursor, flags) }]
  if (char === '\\') return parseEscape(state)
  cursor.at++
  if (char === '^') return [assertion(flags.multiLine ? 'lineStart' : 'textStart')]
  if (char === '$') return [assertion(flags.multiLine ? 'lineEnd' : 'textEnd')]
  if (char === '.') {
    const source = flags.dotAll ? '[^]' : '[^\\n]'
    return [{ type: 'class', class: { negated: false, items: [{ source, negated: false, foldsCase: false }] } }]
  }
  return [{ type: 'class', class: classOf(char, flags) }]
}

function assertion(name: Assertion): Expression {
  return { type: 'assert', assertion: name }
}

const assertionEscapes: Record<string, Assertion> = {
  A: 'textStart',
  z: 'textEnd',
  b: 'wordBoundary',
  B: 'noWordBoundary',
}

function parseEscape({ cursor, flags }: State): Expression[] {
  const asserted = assertionEscapes[cursor.peek(1)]
  if (asserted !== undefined) {
    cursor.at += 2
    return [assertion(asserted)]
  }
  if (cursor.accept('\\Q')) return parseQuoted(cursor, flags)
  const item = parseClassEscape(cursor, flags)
  if (item !== undefined) return [{ type: 'class', class: { negated: false, items: [item] } }]
  return [{ type: 'class', class: classOf(parseCharEscape(cursor), flags) }]
}

function parseQuoted(cursor: Cursor, flags: Flags): Expression[] {
  const parts: Expression[] = []
  while (!cursor.done && !cursor.accept('\\E')) parts.push({ type: 'class', class: classOf(cursor.next(), flags) })
  return parts
}

function parseGroup(state: State): Expression[] {
  const { cursor, flags } = state
  const start = cursor.at
  cursor.at++
  if (cursor.accept('?')) {
    const name = /^P?<([^>]*)(>?)/.exec(cursor.rest)
    if (name) takeName(state, start, name)
    else if (takeFlags(state, start) === ')') return []
  }
  const inner = parseChoice(state)
  if (!cursor.accept(')')) throw syntaxError('missing closing )', cursor.whole)
  state.flags = flags
  return [inner]
}

function takeName({ cursor }: State, start: number, [whole, name = '', end]: RegExpExecArray): void {
  if (end === '') throw syntaxError('invalid named capture', cursor.since(start) + cursor.rest)
  cursor.at += [...whole].length
  if (!/^\w+$/.test(name)) throw syntaxError('invalid named capture', cursor.since(start))
}

const flagNames: Record<string, keyof Flags> = { i: 'foldCase', m: 'multiLine', s: 'dotAll', U: 'ungreedy' }

/** `i-s:` or `i-s)`; answers with the last character. */
function takeFlags(state: State, start: number): string {
  const { cursor } = state
  let flags = { ...state.flags }
  let on = true
  let needsFlag = false
  for (;;) {
    const char = cursor.next()
    const name = flagNames[char]
    if (name !== undefined) {
      flags = { ...flags, [name]: on }
      needsFlag = false
    } else if (char === '-' && on) {
      on = false
      needsFlag = true
    } else if ((char === ':' || char === ')') && !needsFlag) {
      state.flags = flags
      return char
    } else {
      throw syntaxError('invalid or unsupported Perl syntax', cursor.since(start))
    }
  }
}

/** Nested counts multiply. */
function repeatsOf(expression: Expression): number {
  switch (expression.type) {
    case 'sequence':
      return expression.parts.reduce((most, part) => Math.max(most, repeatsOf(part)), 1)
    case 'choice':
      return expression.options.reduce((most, option) => Math.max(most, repeatsOf(option)), 1)
    case 'repeat': {
      const { min, max, what } = expression
      return Math.max(1, max === Number.POSITIVE_INFINITY ? min : max) * repeatsOf(what)
    }
  }
  return 1
}
