import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTooDeep, nestingLevelsMax, parseJson, parseSentJson } from './json.ts'

const nested = (levels: number, inside = '') => `${'[ '.repeat(levels)}${inside}${' ]'.repeat(levels)}`

test('integers and floats keep their text', () => {
  const text = '{"a":9223372036854775807,"b":[1.0,1e21,-0.10],"c":12}'
  assert.equal(JSON.stringify(parseJson(text)), text)
})

test('what somebody sent nests so deep and no deeper', () => {
  assert.ok(Array.isArray(parseSentJson(nested(nestingLevelsMax))))
  assert.throws(() => parseSentJson(nested(nestingLevelsMax + 1)), SyntaxError)
  const brackets = JSON.stringify(`\\"${'['.repeat(5 * nestingLevelsMax)}`)
  assert.doesNotThrow(() => parseSentJson(nested(3, brackets)))
})

test('the same of values', () => {
  assert.equal(isTooDeep(parseJson(nested(nestingLevelsMax))), false)
  assert.equal(isTooDeep(parseJson(nested(nestingLevelsMax + 1))), true)
})
