// A schema may become stricter than what is stored: what an update leaves as it is, is not held against it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { compileSchema } from './compile.ts'

const short = { type: 'string', maxLength: 1 }
const schema = compileSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        s: short,
        n: { type: 'integer' },
        atomic: { type: 'array', items: short },
        map: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', properties: { k: { type: 'string' }, v: short } },
        },
        set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      },
    },
  },
})

const objectOf = (spec: JsonObject): KubeObject => ({ apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, spec })
const stored = { s: 'long', atomic: ['long'], map: [{ k: 'a', v: 'long' }, { k: 'b' }], set: ['x', 'x'] }

const rows: [title: string, change: JsonObject, want: string[]][] = [
  ['nothing', {}, []],
  ['something else', { n: 1 }, []],
  ['the text itself', { s: 'other' }, ['spec.s']],
  ['a list without keys, as a whole', { atomic: ['long', 'b'] }, ['spec.atomic[0]']],
  [
    'another element of a map',
    {
      map: [
        { k: 'b', v: 'x' },
        { k: 'a', v: 'long' },
      ],
    },
    [],
  ],
  ['an element of a map', { map: [{ k: 'b', v: 'long' }] }, ['spec.map[0].v']],
  ['a set that was none before', { set: ['x', 'x', 'y', 'y'] }, []],
]

for (const [title, change, want] of rows) {
  test(title, () => {
    const errors = schema.validate(objectOf({ ...stored, ...change }), objectOf(stored))
    assert.deepEqual(
      errors.map(({ field }) => field),
      want,
    )
  })
}
