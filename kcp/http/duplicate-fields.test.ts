import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDuplicateFields } from './duplicate-fields.ts'

const cases: [text: string, want: string[]][] = [
  ['{"a":1,"b":{"a":2}}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"data":{"x":"a","x":"{\\"x\\":1}","y":"x"}}', ['data.x']],
  ['{"l":[{"a":1},{"a":1,"a":[1,2]}],"m":"a"}', ['l[1].a']],
  ['["a","a"]', []],
  ['{"k":"v","v":"k"}', []],
]
for (const [text, want] of cases) {
  test(`members that ${text} has twice`, () => assert.deepEqual(findDuplicateFields(text), want))
}
