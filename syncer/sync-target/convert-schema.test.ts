import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { convertDefinition } from './convert-schema.ts'

const string = { type: 'string' }
const reference = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` })
const wrapped = (name: string): JsonObject => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} })

const cases: { name: string; node: JsonObject; definitions?: Record<string, JsonObject>; want: unknown }[] = [
  {
    name: 'a primitive keeps its format and loses its default',
    node: { type: 'integer', format: 'int32', default: 0 },
    want: { type: 'integer', format: 'int32' },
  },
  {
    name: 'a reference is inlined',
    node: reference('T'),
    definitions: { T: { properties: { a: string } } },
    want: { type: 'object', properties: { a: string } },
  },
  { name: 'a wrapped reference, too', node: wrapped('T'), definitions: { T: string }, want: string },
  {
    name: 'the text at the field goes before that of the type',
    node: { ...wrapped('T'), description: 'mine' },
    definitions: { T: { ...string, description: 'its' } },
    want: { ...string, description: 'mine' },
  },
  {
    name: 'a map',
    node: { type: 'object', additionalProperties: string },
    want: { type: 'object', additionalProperties: string },
  },
  { name: 'anything', node: {}, want: { 'x-kubernetes-embedded-resource': true } },
  {
    name: 'int or string',
    node: reference('io.k8s.apimachinery.pkg.util.intstr.IntOrString'),
    want: { anyOf: [{ type: 'integer' }, string], 'x-kubernetes-int-or-string': true },
  },
  {
    name: 'time',
    node: reference('io.k8s.apimachinery.pkg.apis.meta.v1.Time'),
    want: { ...string, format: 'date-time' },
  },
  {
    name: 'a merge list of primitives is a set',
    node: { type: 'array', items: string, 'x-kubernetes-patch-strategy': 'merge' },
    want: { type: 'array', items: string, 'x-kubernetes-list-type': 'set' },
  },
  {
    name: 'a replaced list is atomic',
    node: { type: 'array', items: string, 'x-kubernetes-patch-strategy': 'replace' },
    want: { type: 'array', items: string, 'x-kubernetes-list-type': 'atomic' },
  },
  {
    name: 'keys of a map list become required',
    node: {
      type: 'array',
      items: reference('T'),
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
      'x-kubernetes-patch-merge-key': 'name',
    },
    definitions: { T: { properties: { name: string, b: string }, required: ['b'] } },
    want: {
      type: 'array',
      items: { type: 'object', properties: { name: string, b: string }, required: ['b', 'name'] },
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
    },
  },
]
for (const { name, node, definitions = {}, want } of cases) {
  test(`schema: ${name}`, () => {
    const all: Record<string, JsonObject> = { Root: { properties: { field: node } }, ...definitions }
    const schema = convertDefinition('Root', key => all[key])
    assert.deepEqual((schema.properties as JsonObject).field, want)
  })
}

test('a key with a default is not required', () => {
  const port = { properties: { port: { type: 'integer' }, protocol: string }, required: ['port'] }
  const all: Record<string, JsonObject> = {
    Root: {
      properties: {
        ports: {
          type: 'array',
          items: reference('io.k8s.api.core.v1.ServicePort'),
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
        },
      },
    },
    'io.k8s.api.core.v1.ServicePort': port,
  }
  const { ports } = convertDefinition('Root', key => all[key]).properties as { ports: { items: JsonObject } }
  assert.deepEqual(ports.items.required, ['port'])
})

test('only the metadata of the root is plain', () => {
  const meta = reference('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  const all: Record<string, JsonObject> = {
    Root: { properties: { metadata: meta, template: reference('T') } },
    T: { properties: { metadata: meta } },
  }
  const schema = convertDefinition('Root', key => all[key]).properties as Record<string, JsonObject>
  assert.deepEqual(schema.metadata, { type: 'object' })
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  assert.deepEqual(schema.template?.properties, { metadata: open })
})

test('a recursive type has no structural schema', () => {
  const all: Record<string, JsonObject> = { Root: { properties: { again: reference('Root') } } }
  assert.throws(() => convertDefinition('Root', key => all[key]), /recursive schema are not supported: Root/)
})
