import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { servedWidgets } from '../../test/harness/served-types.ts'
import { compileSchema } from './compile.ts'
import { contentHash, openApiV2Document, openApiV3Document, openApiV3Index } from './openapi.ts'
import type { ServedType } from './served-type.ts'

const widgets = servedWidgets({ type: 'object', properties: { a: { type: 'string' } } })
const options = { version: 'v1', findComponent: (name: string): JsonObject => ({ type: 'object', title: name }) }

function at(value: JsonValue | undefined, ...path: string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), value)
}

test('PATCH of a kind offers fieldValidation, which kubectl looks for', () => {
  const document = openApiV3Document([widgets], options)
  const patch = at(document, 'paths', '/apis/ex.io/v1/namespaces/{namespace}/widgets/{name}', 'patch')
  assert.deepEqual(at(patch, 'x-kubernetes-group-version-kind'), { group: 'ex.io', version: 'v1', kind: 'Widget' })
  const parameters = at(patch, 'parameters')
  assert.ok(Array.isArray(parameters) && parameters.some(each => at(each, 'name') === 'fieldValidation'))
})

test('strategic merge is named only where the schema has merge keys', () => {
  const native = { ...compileSchema({ type: 'object' }), component: 'io.k8s.api.core.v1.Widget' }
  const named = (type: ServedType) => {
    const v3 = openApiV3Document([type], options)
    const v2 = openApiV2Document([type], options)
    const path = '/apis/ex.io/v1/namespaces/{namespace}/widgets/{name}'
    const types = at(v3, 'paths', path, 'patch', 'requestBody', 'content')
    const consumes = at(v2, 'paths', path, 'patch', 'consumes')
    assert.deepEqual(isJsonObject(types) ? Object.keys(types) : [], consumes)
    return JSON.stringify(consumes).includes('strategic')
  }
  assert.equal(named(widgets), false)
  assert.equal(named({ ...widgets, schema: native }), true)
})

test('the component of a custom kind names its kind and refers to ObjectMeta', () => {
  const document = openApiV3Document([widgets], options)
  const component = at(document, 'components', 'schemas', 'io.ex.v1.Widget')
  assert.deepEqual(at(component, 'properties', 'metadata', 'allOf'), [
    { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
  ])
  const begins = { apiVersion: /^APIVersion defines/, kind: /^Kind /, metadata: /^Standard object's metadata/ }
  for (const [name, begin] of Object.entries(begins))
    assert.match(String(at(component, 'properties', name, 'description')), begin)
  assert.deepEqual(at(component, 'x-kubernetes-group-version-kind'), [
    { group: 'ex.io', version: 'v1', kind: 'Widget' },
  ])
})

test('the index keeps clients in their logical cluster, and names the content', () => {
  const at = (types: ServedType[], version = 'v1') =>
    JSON.stringify(openApiV3Index(types, { pathPrefix: '/clusters/root', version }))
  const hash = contentHash([widgets], 'v1')
  const url = `/clusters/root/openapi/v3/apis/ex.io/v1?hash=${hash}`
  assert.equal(at([widgets]), JSON.stringify({ paths: { 'apis/ex.io/v1': { serverRelativeURL: url } } }))
  assert.match(hash, /^[0-9A-F]{128}$/)
  assert.equal(at([{ ...widgets }]), at([widgets]))
  assert.notEqual(at([widgets], 'v2'), at([widgets]))
  const schema = compileSchema({ type: 'object', properties: { spec: { type: 'string' } } })
  assert.notEqual(at([{ ...widgets, schema }]), at([widgets]))
})

test("Kubernetes' own schemas do not say that they may hold anything", () => {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const document = openApiV2Document([widgets], { ...options, findComponent: () => open })
  assert.deepEqual(at(document, 'definitions', 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'), { type: 'object' })
})

test('every reference of a v2 document leads somewhere', () => {
  const document = openApiV2Document([widgets], options)
  for (const [, name = ''] of JSON.stringify(document).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    assert.ok(at(document, 'definitions', name), name)
  }
})

test('v2 names no members of what may hold others: old kubectl takes them for mistakes', () => {
  const open = { 'x-kubernetes-preserve-unknown-fields': true }
  const embedded = { 'x-kubernetes-embedded-resource': true }
  const text = { type: 'string' }
  const spec = {
    type: 'object',
    required: ['may', 'must'],
    properties: {
      any: { type: 'object', ...open, properties: { a: text } },
      inside: { type: 'object', ...embedded, properties: { a: text } },
      list: { type: 'array', items: { type: 'object', ...embedded, ...open } },
      may: { type: 'object', nullable: true, properties: { a: text } },
      must: text,
    },
  }
  const definitionOf = (schema: JsonObject) => {
    const type: ServedType = { ...widgets, schema: compileSchema(schema) }
    return [
      at(openApiV2Document([type], options), 'definitions', 'io.ex.v1.Widget'),
      at(openApiV3Document([type], options), 'components', 'schemas', 'io.ex.v1.Widget'),
    ]
  }
  const [v2, v3] = definitionOf({ type: 'object', properties: { spec } })
  assert.deepEqual(at(v2, 'properties', 'spec', 'required'), ['must'])
  assert.deepEqual(at(v2, 'properties', 'spec', 'properties', 'any'), open)
  assert.deepEqual(at(v2, 'properties', 'spec', 'properties', 'list'), {
    type: 'array',
    items: { ...embedded, ...open },
  })
  assert.deepEqual(at(v2, 'properties', 'spec', 'properties', 'may'), {})
  for (const document of [v2, v3]) {
    const inside = at(document, 'properties', 'spec', 'properties', 'inside')
    assert.deepEqual(Object.keys(at(inside, 'properties') ?? {}), ['a', 'apiVersion', 'kind', 'metadata'])
    assert.deepEqual(at(inside, 'required'), ['kind', 'apiVersion'])
  }
  const [bare] = definitionOf({ type: 'object', ...open, properties: { spec } })
  assert.deepEqual(Object.keys(isJsonObject(bare) ? bare : {}), ['type', 'x-kubernetes-group-version-kind'])
})
