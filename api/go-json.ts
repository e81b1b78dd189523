// JSON text byte for byte as Go's encoder writes it, for texts that are hashed or compared with Go's.

const backslashCode = 92

/** What Go's parser says of a text that is no JSON, where that is about its first sign; else our parser's words. */
export function goSyntaxProblem(text: string, otherwise: string): string {
  const [first] = text.trimStart()
  if (first === undefined) return 'unexpected end of JSON input'
  if (/[[{"\-\dtfn]/.test(first)) return otherwise
  return `invalid character '${first}' looking for beginning of value`
}

/** HTML signs, line separators, backspace and form feed are escaped with `\u`. Member order is the caller's. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\.|[&<>\u2028\u2029]/g, sign => {
    const code = sign === '\\b' ? 8 : sign === '\\f' ? 12 : sign.charCodeAt(0)
    return sign.startsWith('\\') && code === backslashCode ? sign : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
