import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiResourceImport, NegotiatedApiResource } from './api-resource-import.ts'
import { compare } from './compare.ts'
import { decide } from './decide.ts'

const now = new Date('2026-11-21T10:00:00Z')
const schema = (...fields: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(field => [field, { type: 'string' }])),
})

function imported(location: string, openAPIV3Schema: ApiResourceImport['spec']['openAPIV3Schema']): ApiResourceImport {
  return {
    apiVersion: 'apiresource.kcp.io/v1alpha1',
    kind: 'APIResourceImport',
    metadata: { name: `things.${location}.v1.ex.io`, creationTimestamp: `2026-11-21T09:0${location}:00Z` },
    spec: {
      groupVersion: { group: 'ex.io', version: 'v1' },
      scope: 'Namespaced',
      plural: 'things',
      kind: 'Thing',
      openAPIV3Schema,
      location,
      schemaUpdateStrategy: 'UpdateUnpublished',
    },
  }
}

const isCompatible = { type: 'Compatible', status: 'True', lastTransitionTime: '2026-11-21T10:00:00Z' }

test('the first import makes the negotiated resource', () => {
  const [creation, condition] = decide({
    imports: [imported('1', schema('a', 'b'))],
    negotiated: undefined,
    compare,
    now,
  })
  assert.ok(creation?.type === 'create-negotiated')
  assert.equal(creation.object.metadata.name, 'things.v1.ex.io')
  assert.deepEqual(creation.object.metadata.annotations, { 'apiresource.kcp.io/apiVersion': 'ex.io/v1' })
  assert.equal('location' in creation.object.spec, false)
  assert.deepEqual(creation.object.spec.openAPIV3Schema, schema('a', 'b'))
  assert.ok(condition?.type === 'write-import-conditions')
  assert.deepEqual(condition.conditions, [isCompatible])
})

function negotiatedOf(imports: ApiResourceImport[]): NegotiatedApiResource {
  const [creation] = decide({ imports, negotiated: undefined, compare, now })
  assert.ok(creation?.type === 'create-negotiated')
  return creation.object
}

test('what all imports share, oldest first', () => {
  const first = imported('1', schema('a', 'b'))
  const imports = [imported('2', schema('a', 'c')), first]
  const actions = decide({ imports, negotiated: negotiatedOf([first]), compare, now })
  const write = actions.find(action => action.type === 'write-negotiated-spec')
  assert.deepEqual(write?.spec.openAPIV3Schema, schema('a'))
})

test('an import that does not fit says why and changes nothing', () => {
  const first = { ...imported('1', schema('a')), status: { conditions: [isCompatible] } }
  const other = imported('2', { type: 'object', properties: { a: { type: 'integer' } } })
  const actions = decide({ imports: [first, other], negotiated: negotiatedOf([first]), compare, now })
  assert.equal(actions.length, 1)
  const [action] = actions
  assert.ok(action?.type === 'write-import-conditions')
  assert.equal(action.apiImport, other)
  const [condition] = action.conditions
  assert.equal(condition?.reason, 'IncompatibleSchema')
  assert.match(condition?.message ?? '', /The type changed \(was "string", now "integer"\)/)
})

test('without imports nothing is left', () => {
  const negotiated = negotiatedOf([imported('1', schema('a'))])
  assert.deepEqual(decide({ imports: [], negotiated, compare, now }), [{ type: 'delete-negotiated' }])
  assert.deepEqual(decide({ imports: [], negotiated: undefined, compare, now }), [])
})
