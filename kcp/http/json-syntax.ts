// What Go's JSON decoder says of a text that is no JSON, made of what ours says.

const phrases: readonly [start: RegExp, after: string][] = [
  [/^Expected property name|^Expected double-quoted property name/, 'looking for beginning of object key string'],
  [/^Expected ':' after property name/, 'after object key'],
  [/^Expected ',' or '}' after property value/, 'after object key:value pair'],
  [/^Expected ',' or ']' after array element/, 'after array element'],
  [/^Unexpected non-whitespace character after JSON/, 'after top-level value'],
  [/^Bad control character in string literal/, 'in string literal'],
  [/^Bad escaped character/, 'in string escape code'],
  [/^Unexpected token/, 'looking for beginning of value'],
]

export function goSyntaxError({ message }: SyntaxError, text: string): string {
  const position = /at position (\d+)/.exec(message)?.[1]
  const at = position === undefined ? text.search(/\S/) : Number(position)
  const [phrase] = phrases.filter(([start]) => start.test(message))
  const isAtEnd = at < 0 || at >= text.length || /^Unexpected end|^Unterminated string/.test(message)
  if (isAtEnd) return 'unexpected end of JSON input'
  if (phrase === undefined) return message
  // Where no position is told, the wrong sign is.
  const sign =
    position === undefined ? (/^Unexpected token '(.)'/u.exec(message)?.[1] ?? text.charAt(at)) : text.charAt(at)
  return `invalid character '${sign}' ${phrase[1]}`
}
