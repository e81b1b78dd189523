import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { compileSchema } from './compile.ts'

const schema: JsonObject = {
  type: 'object',
  required: ['spec'],
  properties: {
    metadata: { type: 'object', properties: { name: { type: 'string', pattern: '^[a-z]+$' } } },
    spec: {
      type: 'object',
      default: {},
      required: ['b'],
      properties: {
        a: { type: 'string' },
        b: { type: 'integer', minimum: 1, default: 3 },
        phase: { type: 'string', enum: ['X', 'Y'] },
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        list: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, on: { type: 'boolean', default: true } } },
        },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        when: { type: 'string', format: 'date-time' },
        one: { type: 'object', oneOf: [{ required: ['x'] }, { required: ['y'] }], properties: { x: {}, y: {} } },
      },
    },
  },
}

function objectWith(spec: unknown, rest: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'ex.io/v1', kind: 'Foo', metadata: { name: 'x' }, spec, ...rest }
}

describe('prune', () => {
  test('unknown members go and their paths are told; open parts and metadata stay', () => {
    const object = objectWith(
      { a: 'x', foo: 1, list: [{ name: 'n', bar: 2 }], any: { deep: { x: 1 } }, labels: { k: 'v' } },
      { extra: true },
    )
    assert.deepEqual(compileSchema(schema).prune(object), ['spec.foo', 'spec.list[0].bar', 'extra'])
    assert.deepEqual(object.spec, { a: 'x', list: [{ name: 'n' }], any: { deep: { x: 1 } }, labels: { k: 'v' } })
  })
  test('a member named __proto__ is only data', () => {
    const object = objectWith(JSON.parse('{"b":1,"__proto__":{"a":1}}'))
    assert.deepEqual(compileSchema(schema).prune(object), ['spec.__proto__'])
  })
})

test('defaults fill absent and null members and drop other nulls', () => {
  const object = objectWith({ a: null, b: null, list: [{ name: 'n' }], labels: { k: null } })
  compileSchema(schema).applyDefaults(object)
  assert.deepEqual(object.spec, { b: 3, list: [{ name: 'n', on: true }], labels: {} })
  const empty: KubeObject = { apiVersion: 'ex.io/v1', kind: 'Foo', metadata: { name: 'x' } }
  compileSchema(schema).applyDefaults(empty)
  assert.deepEqual(empty.spec, { b: 3 })
})

const refused: [title: string, spec: JsonObject, want: string[]][] = [
  [
    'wrong type',
    { b: 1, a: 7 },
    ['spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"'],
  ],
  ['missing member', {}, ['spec.b: Required value']],
  ['enum', { b: 1, phase: 'Z' }, ['spec.phase: Unsupported value: "Z": supported values: "X", "Y"']],
  ['minimum', { b: 0 }, ['spec.b: Invalid value: 0: spec.b in body should be greater than or equal to 1']],
  [
    'int or string',
    { b: 1, port: true },
    [
      'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
      '<nil>: Invalid value: "": "spec.port" must validate at least one schema (anyOf)',
      'spec.port: Invalid value: "boolean": spec.port in body must be of type integer: "boolean"',
    ],
  ],
  [
    'equal map keys',
    { b: 1, list: [{ name: 'n' }, { name: 'n' }] },
    ['spec.list[1]: Duplicate value: map[string]interface {}{"name":"n"}'],
  ],
  [
    'format',
    { b: 1, when: 'soon' },
    ['spec.when: Invalid value: "soon": spec.when in body must be of type date-time: "soon"'],
  ],
  [
    'oneOf',
    { b: 1, one: { x: 1, y: 1 } },
    ['<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
]

describe('validate', () => {
  for (const [title, spec, want] of refused) {
    test(title, () => {
      const errors = compileSchema(schema).validate(objectWith(spec))
      assert.deepEqual(
        errors.map(e => `${e.field}: ${e.message}`),
        want,
      )
    })
  }
  test('a pattern on metadata.name is checked', () => {
    const [error] = compileSchema(schema).validate({ ...objectWith({ b: 1 }), metadata: { name: 'a.b' } })
    assert.equal(error?.message, `Invalid value: "a.b": metadata.name in body should match '^[a-z]+$'`)
  })
})

test('equal schemas are compiled once', () => {
  assert.equal(compileSchema(structuredClone(schema)), compileSchema(schema))
})

test('topology says which lists are maps', () => {
  const list = compileSchema(schema).topology.fields?.spec?.fields?.list
  assert.equal(list?.listType, 'map')
  assert.deepEqual(list?.mapKeys, [{ name: 'name' }])
  assert.equal(list?.items?.fields?.on?.type, 'boolean')
})
