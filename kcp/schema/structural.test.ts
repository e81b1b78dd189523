import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { checkStructural } from './structural.ts'

const cases: [title: string, schema: JsonObject, want: string[]][] = [
  ['a structural schema', { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } }, []],
  ['no type at the root', {}, ['s.type: Required value: must not be empty at the root']],
  ['another type at the root', { type: 'string' }, ['s.type: Invalid value: "string": must be object at the root']],
  [
    'a member without type',
    { type: 'object', properties: { a: {} } },
    ['s.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  ['int-or-string needs no type', { type: 'object', properties: { a: { 'x-kubernetes-int-or-string': true } } }, []],
  [
    'a map list without keys',
    {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' } },
    },
    ['s.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
  ],
]

for (const [title, schema, want] of cases) {
  test(title, () => {
    assert.deepEqual(
      checkStructural(schema, 's').map(error => `${error.field}: ${error.message}`),
      want,
    )
  })
}
