// JSON text byte for byte as Go's encoder writes it, for texts that are hashed or compared with Go's.

const backslashCode = 92

/** HTML signs, line separators, backspace and form feed are escaped with `\u`. Member order is the caller's. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\.|[&<>\u2028\u2029]/g, sign => {
    const code = sign === '\\b' ? 8 : sign === '\\f' ? 12 : sign.charCodeAt(0)
    return sign.startsWith('\\') && code === backslashCode ? sign : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
