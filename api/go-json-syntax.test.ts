// As a kube-apiserver 1.31 answered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goSyntaxError } from './go-json-syntax.ts'
import { nestingLevelsMax } from './json.ts'

const said: readonly (readonly [text: string, problem: string])[] = [
  ['{"a":[1,-0.5e+3,true,null,"\\u00e4\\n"],"b":{}} ', ''],
  ['', 'unexpected end of JSON input'],
  ['  ', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['"x', 'unexpected end of JSON input'],
  ['{"metadata":{"name":"x"}', 'unexpected end of JSON input'],
  ['{}{}', "invalid character '{' after top-level value"],
  ['{"kind":"ConfigMap",}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":NaN}', "invalid character 'N' looking for beginning of value"],
  ['{"a":-}', "invalid character '}' in numeric literal"],
  ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
  ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
  ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
  ['{"a":"\u0001"}', "invalid character '\\x01' in string literal"],
  ['{"a":"\t"}', "invalid character '\\t' in string literal"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
  ['ä', "invalid character 'Ã' looking for beginning of value"],
  ['['.repeat(nestingLevelsMax + 1), "invalid character '[' exceeded max depth"],
]

for (const [text, problem] of said) {
  test(`${JSON.stringify(text.slice(0, 40))}: ${problem || 'JSON'}`, () => assert.equal(goSyntaxError(text), problem))
}
