// Spellings the library's parser does not know, taken out of the text before it reads it: `[?x]` and `{?k: v}`, `.5`, and
// names with a leading dot. Places stay the same, for each sign becomes a blank.

export interface MarkedSource {
  readonly text: string
  /** Where an optional element starts. */
  readonly optionals: readonly number[]
  /** Where the digits of `.5` start. */
  readonly fractions: ReadonlySet<number>
}

interface Scan {
  readonly optionals: number[]
  readonly fractions: Set<number>
  readonly blanks: number[]
  /** The last sign that is no blank, and whether a value ends with it. */
  last: string
  endsValue: boolean
  /** Whether the last `[` began a list and no index. */
  isList: boolean
}

const word = /[A-Za-z0-9_]+/y
const quoted = /[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y
const rawQuoted = /[bB]?[rR][bB]?("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')/y
const ignored = /\s+|\/\/[^\n]*/y

export function markSource(source: string): MarkedSource {
  const scan: Scan = {
    optionals: [],
    fractions: new Set(),
    blanks: [],
    last: '',
    endsValue: false,
    isList: false,
  }
  for (let at = 0; at < source.length; ) at += readAt(source, at, scan)
  if (scan.blanks.length === 0) return { text: source, optionals: [], fractions: scan.fractions }
  const units = source.split('')
  for (const at of scan.blanks) units[at] = ' '
  return { text: units.join(''), optionals: scan.optionals, fractions: scan.fractions }
}

function lengthAt(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0].length ?? 0
}

/** How much was read. */
function readAt(source: string, at: number, scan: Scan): number {
  const skipped = lengthAt(ignored, source, at)
  if (skipped > 0) return skipped
  const text = lengthAt(rawQuoted, source, at) || lengthAt(quoted, source, at)
  if (text > 0) return remember(scan, '"', true) && text
  const name = lengthAt(word, source, at)
  // `in` is followed by a value, not by an index.
  if (name > 0) return remember(scan, 'a', source.slice(at, at + name) !== 'in') && name
  const sign = source[at] ?? ''
  if (sign === '?' && (scan.last === '{' || scan.last === ',' || (scan.last === '[' && scan.isList))) {
    scan.blanks.push(at)
    scan.optionals.push(at + 1)
    return remember(scan, '?', false) && 1
  }
  if (sign === '.' && !scan.endsValue && scan.last !== '.' && /[A-Za-z0-9_]/.test(source[at + 1] ?? '')) {
    scan.blanks.push(at)
    if (/\d/.test(source[at + 1] ?? '')) scan.fractions.add(at + 1)
    return remember(scan, ' ', false) && 1
  }
  if (sign === '[') scan.isList = !scan.endsValue
  return remember(scan, sign, sign === ')' || sign === ']' || sign === '}') && 1
}

function remember(scan: Scan, last: string, endsValue: boolean): true {
  scan.last = last
  scan.endsValue = endsValue
  return true
}

/** Which elements of a literal are optional, by their starts. */
export function optionalElements({ text, optionals }: MarkedSource, starts: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const mark of optionals) {
    const index = starts.findIndex(start => start >= mark && /^[\s(]*$/.test(text.slice(mark, start)))
    if (index >= 0) found.add(index)
  }
  return found
}
