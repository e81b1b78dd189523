// Go regular expressions as JavaScript's, cached. RE2 knows a few spellings JavaScript does not; the rest means the same.
// Leaves out: Unicode classes by script name, and flags inside a pattern other than a leading (?i) or (?s).

const cache = new Map<string, RegExp | undefined>()
const cacheSizeMax = 1000

/** undefined when the pattern cannot be translated. */
export function compileGoRegExp(pattern: string): RegExp | undefined {
  if (cache.has(pattern)) return cache.get(pattern)
  if (cache.size >= cacheSizeMax) cache.clear()
  const compiled = translate(pattern)
  cache.set(pattern, compiled)
  return compiled
}

const posixClasses: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

function translate(pattern: string): RegExp | undefined {
  let source = pattern
  let flags = ''
  const leading = /^\(\?([is]+)\)/.exec(source)
  if (leading?.[1] !== undefined) {
    flags = leading[1]
    source = source.slice(leading[0].length)
  }
  source = source
    .replaceAll('(?P<', '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(source, flags + unicode)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return undefined
}
