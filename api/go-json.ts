// JSON text byte for byte as Go's encoder writes it, for texts that are hashed or compared with Go's; and how Go escapes
// signs in what it quotes.

const backslashCode = 92

/** HTML signs, line separators, backspace and form feed are escaped with `\u`. Member order is the caller's. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\.|[&<>\u2028\u2029]/g, sign => {
    const code = sign === '\\b' ? 8 : sign === '\\f' ? 12 : sign.charCodeAt(0)
    return sign.startsWith('\\') && code === backslashCode ? sign : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** In quoted texts of Go; the quotation mark itself comes on top. */
export const goEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}
