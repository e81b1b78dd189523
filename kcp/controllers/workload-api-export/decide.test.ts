import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import type { NegotiatedApiResource } from '../api-negotiation/api-resource-import.ts'
import type { ApiResourceSchema } from '../sync-target-export/exported-resources.ts'
import { decide } from './decide.ts'

const apiExport = (
  latestResourceSchemas: string[] = [],
): KubeObject & { spec: { latestResourceSchemas: string[] } } => ({
  apiVersion: 'apis.kcp.io/v1alpha1',
  kind: 'APIExport',
  metadata: { name: 'kubernetes', uid: 'u' },
  spec: { latestResourceSchemas },
})

function negotiated(plural: string, group: string, resourceVersion: string): NegotiatedApiResource {
  return {
    apiVersion: 'apiresource.kcp.io/v1alpha1',
    kind: 'NegotiatedAPIResource',
    metadata: { name: `${plural}.v1.${group || 'core'}`, resourceVersion },
    spec: {
      groupVersion: { ...(group === '' ? {} : { group }), version: 'v1' },
      scope: 'Namespaced',
      plural,
      kind: 'Kind',
      openAPIV3Schema: { type: 'object' },
      subResources: [{ name: 'status' }],
    },
  }
}

const observed = { apiExport: apiExport(), schemas: [], usesComputeExport: false }

test('one schema per negotiated resource, in the order of their names', () => {
  const resources = [negotiated('services', '', '807'), negotiated('deployments', 'apps', '821')]
  const { creations, latestResourceSchemas } = decide({ ...observed, negotiated: resources })
  assert.deepEqual(latestResourceSchemas, ['rev-821.deployments.apps', 'rev-807.services.core'])
  assert.deepEqual(
    creations.map(({ metadata }) => metadata.name),
    latestResourceSchemas,
  )
  assert.deepEqual(creations[0]?.metadata.ownerReferences?.[0]?.uid, 'u')
})

test('a schema that says the same stays, whatever version the negotiated resource has now', () => {
  const first = decide({ ...observed, negotiated: [negotiated('deployments', 'apps', '821')] })
  const [schema] = first.creations
  const schemas = [schema as ApiResourceSchema]
  const listed = apiExport(['rev-821.deployments.apps'])
  const again = decide({
    ...observed,
    apiExport: listed,
    schemas,
    negotiated: [negotiated('deployments', 'apps', '900')],
  })
  assert.deepEqual(again, { creations: [], latestResourceSchemas: undefined, deletions: [] })
})

test('schemas of no use go, those of others stay', () => {
  const first = decide({ ...observed, negotiated: [negotiated('deployments', 'apps', '821')] })
  const schemas = [first.creations[0] as ApiResourceSchema]
  const listed = apiExport(['v1.own.ex.io', 'rev-821.deployments.apps'])
  const { latestResourceSchemas, deletions } = decide({ ...observed, apiExport: listed, schemas, negotiated: [] })
  assert.deepEqual(latestResourceSchemas, ['v1.own.ex.io'])
  assert.deepEqual(deletions, ['rev-821.deployments.apps'])
})

test('what the compute export has is not exported twice', () => {
  const resources = [negotiated('deployments', 'apps', '1'), negotiated('widgets', 'ex.io', '2')]
  const { latestResourceSchemas } = decide({ ...observed, usesComputeExport: true, negotiated: resources })
  assert.deepEqual(latestResourceSchemas, ['rev-2.widgets.ex.io'])
})
