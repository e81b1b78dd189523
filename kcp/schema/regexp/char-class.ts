// Classes and escapes of RE2's syntax: [a-z], \d, [[:alpha:]], \pL, \p{Greek}, \x{10FFFF}.
import { type CharClass, type ClassItem, type Cursor, type Flags, syntaxError } from './syntax.ts'

const posix: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}
const perl: Record<string, string> = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' }
const controls: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** After a backslash: `\d`, `\pL` and the like; undefined when it is something else (nothing is consumed). */
export function parseClassEscape(cursor: Cursor, flags: Flags): ClassItem | undefined {
  const start = cursor.at
  if (cursor.peek() !== '\\') return undefined
  const letter = cursor.peek(1)
  const source = perl[letter.toLowerCase()]
  if (source !== undefined) {
    cursor.at += 2
    return { source: `[${source}]`, negated: letter === letter.toUpperCase(), foldsCase: flags.foldCase }
  }
  if (letter !== 'p' && letter !== 'P') return undefined
  cursor.at += 2
  let name = cursor.next()
  if (name === '{') {
    const end = cursor.rest.indexOf('}')
    if (end < 0) throw syntaxError('invalid character class range', cursor.since(start) + cursor.rest)
    name = cursor.rest.slice(0, end)
    cursor.at += [...name].length + 1
  }
  const inverted = name.startsWith('^')
  const property = inverted ? name.slice(1) : name
  const found = unicodeClass(property)
  if (found === undefined) throw syntaxError('invalid character class range', cursor.since(start))
  return { source: found, negated: (letter === 'P') !== inverted, foldsCase: flags.foldCase }
}

function unicodeClass(name: string): string | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  if (name === 'Any') return '[^]'
  for (const source of [`\\p{gc=${name}}`, `\\p{Script=${name}}`]) {
    try {
      new RegExp(source, 'u')
      return source
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return undefined
}

/** After a backslash: the code point it stands for. */
export function parseCharEscape(cursor: Cursor): string {
  const start = cursor.at
  cursor.at++
  const invalid = () => syntaxError('invalid escape sequence', cursor.since(start))
  if (cursor.done) throw syntaxError('trailing backslash at end of expression', '')
  const letter = cursor.next()
  if (/[1-7]/.test(letter) && !/[0-7]/.test(cursor.peek())) throw invalid()
  if (/[0-7]/.test(letter)) {
    let digits = letter
    while (digits.length < 3 && /[0-7]/.test(cursor.peek())) digits += cursor.next()
    return String.fromCodePoint(Number.parseInt(digits, 8))
  }
  if (letter === 'x') return parseHex(cursor, start)
  const control = controls[letter]
  if (control !== undefined) return String.fromCodePoint(control)
  if (letter < '\x80' && !/[0-9A-Za-z]/.test(letter)) return letter
  throw invalid()
}

const codePointMax = 0x10ffff

function parseHex(cursor: Cursor, start: number): string {
  const invalid = () => syntaxError('invalid escape sequence', cursor.since(start))
  if (!cursor.accept('{')) {
    const digits = cursor.next() + cursor.next()
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) throw invalid()
    return String.fromCodePoint(Number.parseInt(digits, 16))
  }
  let digits = ''
  for (let char = cursor.next(); char !== '}' || digits === ''; char = cursor.next()) {
    digits += char
    if (!/^[0-9A-Fa-f]+$/.test(digits) || Number.parseInt(digits, 16) > codePointMax) throw invalid()
  }
  return String.fromCodePoint(Number.parseInt(digits, 16))
}

/** `[…]`, with the cursor on the bracket. */
export function parseBracketClass(cursor: Cursor, flags: Flags): CharClass {
  const start = cursor.at
  cursor.at++
  const negated = cursor.accept('^')
  const items: ClassItem[] = []
  let ranges = ''
  for (let first = true; first || cursor.peek() !== ']'; first = false) {
    if (cursor.done) throw syntaxError('missing closing ]', cursor.since(start) + cursor.rest)
    const item = parsePosixClass(cursor, flags) ?? parseClassEscape(cursor, flags)
    if (item === undefined) ranges += parseRange(cursor, start)
    else items.push(item)
  }
  cursor.at++
  if (ranges !== '') items.push({ source: `[${ranges}]`, negated: false, foldsCase: flags.foldCase })
  return { negated, items }
}

function parsePosixClass(cursor: Cursor, flags: Flags): ClassItem | undefined {
  if (cursor.peek() !== '[' || cursor.peek(1) !== ':') return undefined
  const end = cursor.rest.indexOf(':]')
  if (end < 0) return undefined
  const start = cursor.at
  cursor.at += [...cursor.rest.slice(0, end + 2)].length
  const name = cursor.since(start).slice(2, -2)
  const source = posix[name.replace(/^\^/, '')]
  if (source === undefined) throw syntaxError('invalid character class range', cursor.since(start))
  return { source: `[${source}]`, negated: name.startsWith('^'), foldsCase: flags.foldCase }
}

function parseRange(cursor: Cursor, bracket: number): string {
  const start = cursor.at
  const low = parseClassChar(cursor, bracket)
  if (cursor.peek() !== '-' || cursor.peek(1) === ']' || cursor.peek(1) === '') return escapeChar(low)
  cursor.at++
  const high = parseClassChar(cursor, bracket)
  if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) {
    throw syntaxError('invalid character class range', cursor.since(start))
  }
  return `${escapeChar(low)}-${escapeChar(high)}`
}

function parseClassChar(cursor: Cursor, bracket: number): string {
  if (cursor.done) throw syntaxError('missing closing ]', cursor.since(bracket) + cursor.rest)
  return cursor.peek() === '\\' ? parseCharEscape(cursor) : cursor.next()
}

function escapeChar(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}

export function classOf(char: string, flags: Flags): CharClass {
  return { negated: false, items: [{ source: `[${escapeChar(char)}]`, negated: false, foldsCase: flags.foldCase }] }
}
