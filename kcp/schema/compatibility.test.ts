import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { compareSchemas } from './compatibility.ts'

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties })
const text: JsonObject = { type: 'string' }
const integer: JsonObject = { type: 'integer' }

const cases: [title: string, existing: JsonObject, incoming: JsonObject, want: string[]][] = [
  ['equal', object({ a: text }), object({ a: text }), []],
  ['more properties are fine', object({ a: text }), object({ a: text, b: integer }), []],
  [
    'another type',
    object({ spec: object({ b: text }) }),
    object({ spec: object({ b: integer }) }),
    [
      '[].properties[spec].properties[b].type: Invalid value: "integer": The type changed (was "string", now "integer")',
    ],
  ],
  [
    'a property less',
    object({ a: text, b: text }),
    object({ a: text }),
    ['[].properties: Invalid value: ["b"]: properties have been removed in an incompatible way'],
  ],
  ['an integer may become a number', object({ a: integer }), object({ a: { type: 'number' } }), []],
  [
    'fewer enum values',
    { type: 'string', enum: ['x', 'y'] },
    { type: 'string', enum: ['x'] },
    ['[].enum: Invalid value: ["x"]: enum value has been changed in an incompatible way'],
  ],
  [
    'list topology is not compared',
    { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
    [],
  ],
  [
    'open or not is',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    { type: 'object' },
    [
      '[].x-kubernetes-preserve-unknown-fields: Invalid value: false: x-kubernetes-preserve-unknown-fields value changed (was true, now false)',
    ],
  ],
]

describe('compareSchemas', () => {
  for (const [title, existing, incoming, want] of cases) {
    test(title, () => {
      const { errors } = compareSchemas({ existing, incoming, narrow: false })
      assert.deepEqual(
        errors.map(error => `${error.field}: ${error.message}`),
        want,
      )
    })
  }
  test('narrowing drops what the other one lacks and leaves the arguments alone', () => {
    const existing = object({ a: text, b: text, c: { type: 'number' } })
    const { lcd, errors } = compareSchemas({ existing, incoming: object({ a: text, c: integer }), narrow: true })
    assert.deepEqual(errors, [])
    assert.deepEqual(lcd, object({ a: text, c: integer }))
    assert.deepEqual(existing, object({ a: text, b: text, c: { type: 'number' } }))
  })
})
