import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goSyntaxError } from './json-syntax.ts'

const texts: readonly [text: string, want: string][] = [
  ['', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['["a', 'unexpected end of JSON input'],
  ['x', "invalid character 'x' looking for beginning of value"],
  ['{x}', "invalid character 'x' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['{} x', "invalid character 'x' after top-level value"],
]
for (const [text, want] of texts) {
  test(JSON.stringify(text), () => {
    assert.throws(
      () => JSON.parse(text),
      error => error instanceof SyntaxError && goSyntaxError(error, text) === want,
    )
  })
}
