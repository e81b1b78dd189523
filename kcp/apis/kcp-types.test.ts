import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { ResourceType } from '../registry/resource.ts'
import { typesOfCrd } from './custom-type.ts'
import type { NamedSpec } from './generated-tables.ts'
import { computeExport, kcpExports, systemTypes } from './kcp-types.ts'
import { objectAt, objectsAt } from './members.ts'

/** The CRD kcp makes of an APIResourceSchema. */
function boundCrd({ spec }: NamedSpec): JsonObject {
  const versions = objectsAt(spec, 'versions').map(version => ({
    ...version,
    schema: { openAPIV3Schema: objectAt(version, 'schema') },
  }))
  return { metadata: { name: 'uid' }, spec: { ...spec, versions } }
}

const bound = new Map<string, ResourceType>()
for (const schema of [...kcpExports, computeExport].flatMap(facts => facts.schemas)) {
  for (const type of typesOfCrd(boundCrd(schema), 'hash')) bound.set(type.resource, type)
}

function typeOf(resource: string): ResourceType {
  const type = bound.get(resource)
  assert.ok(type, resource)
  return type
}

function texts(type: ResourceType, object: KubeObject, old?: KubeObject): string[] {
  return type.schema.validate(object, old).map(error => `${error.field}: ${error.message}`)
}

const workspace: KubeObject = {
  apiVersion: 'tenancy.kcp.io/v1alpha1',
  kind: 'Workspace',
  metadata: { name: 'a' },
  spec: { type: { name: 'organization', path: 'root' }, cluster: 'c', URL: 'https://h' },
}

test('system types have their own prefix and the order of custom resources', () => {
  assert.deepEqual(
    systemTypes().map(type => `${type.resource} ${Object.keys(type.subresources).join()}`.trim()),
    [
      'apibindings status',
      'apiconversions',
      'apiexportendpointslices status',
      'apiexports status',
      'apiresourceschemas',
      'logicalclusters status',
    ],
  )
  const [bindings] = systemTypes()
  assert.equal(bindings?.keyPrefix, '/registry/apis.kcp.io/apibindings/customresources/')
  assert.deepEqual(bindings?.verbs, ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'])
})

describe('workspaces', () => {
  test('status.phase is defaulted', () => {
    const object = structuredClone(workspace)
    typeOf('workspaces').schema.applyDefaults(object)
    assert.deepEqual(object.status, { phase: 'Scheduling' })
  })
  test('type, cluster and URL are fixed', () => {
    const type = typeOf('workspaces')
    const changed = (spec: JsonObject): KubeObject => ({ ...workspace, spec })
    assert.deepEqual(texts(type, workspace, workspace), [])
    assert.deepEqual(
      texts(type, changed({ type: { name: 'team', path: 'root' }, cluster: 'd', URL: 'https://h' }), workspace),
      [
        'spec.type: Invalid value: "object": name is immutable',
        'spec.cluster: Invalid value: "string": cluster is immutable',
      ],
    )
    assert.deepEqual(texts(type, changed({ type: { name: 'organization', path: 'root' } }), workspace), [
      'spec: Invalid value: "object": URL cannot be unset',
      'spec: Invalid value: "object": cluster cannot be unset',
    ])
  })
  test('a wrong name is one finding of the schema', () => {
    assert.deepEqual(texts(typeOf('workspaces'), { ...workspace, metadata: { name: 'a.b' } }), [
      `metadata.name: Invalid value: "a.b": metadata.name in body should match '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'`,
    ])
  })
  test('columns read labels with dots', () => {
    const now = new Date('2026-11-21T11:00:03Z')
    const metadata = {
      name: 'a',
      creationTimestamp: '2026-11-21T11:00:00Z',
      labels: { 'tenancy.kcp.io/phase': 'Ready' },
    }
    const { table } = typeOf('workspaces')
    assert.deepEqual(
      table.columns.map(column => column.name),
      ['Name', 'Type', 'Region', 'Phase', 'URL', 'Age'],
    )
    assert.deepEqual(table.cells({ ...workspace, metadata }, now), [
      'a',
      'organization',
      null,
      'Ready',
      'https://h',
      '3s',
    ])
  })
})

describe('bindings and exports', () => {
  const binding = (spec: JsonObject): KubeObject => ({
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIBinding',
    metadata: { name: 'b' },
    spec,
  })
  const [type] = systemTypes()
  assert.ok(type)
  test('the reference is fixed', () => {
    const old = binding({ reference: { export: { path: 'root', name: 'a' } } })
    assert.deepEqual(texts(type, binding({ reference: { export: { path: 'root', name: 'b' } } }), old), [
      'spec.reference: Invalid value: "object": APIExport reference must not be changed',
    ])
  })
  test('a missing reference keeps the rules from being checked', () => {
    assert.deepEqual(texts(type, binding({})), [
      'spec.reference: Required value',
      '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ])
  })
  test('a claim needs all or a selector', () => {
    const exports = systemTypes().find(each => each.resource === 'apiexports')
    assert.ok(exports)
    const object: KubeObject = {
      apiVersion: 'apis.kcp.io/v1alpha1',
      kind: 'APIExport',
      metadata: { name: 'e' },
      spec: { permissionClaims: [{ resource: 'configmaps' }] },
    }
    exports.schema.applyDefaults(object)
    assert.deepEqual(texts(exports, object), [
      'spec.permissionClaims[0]: Invalid value: "object": either "all" or "resourceSelector" must be set',
    ])
    const [claim] = objectsAt(object, 'spec', 'permissionClaims')
    assert.equal(claim?.group, '')
  })
})

describe('compute types', () => {
  test('are stored by identity and print native columns', () => {
    const type = typeOf('deployments')
    assert.equal(type.keyPrefix, '/registry/apps/deployments/hash/')
    assert.deepEqual(
      type.table.columns.slice(0, 5).map(column => column.name),
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age'],
    )
    assert.deepEqual(type.subresources.scale?.scale?.specReplicas, ['spec', 'replicas'])
  })
  test('are not defaulted but for the protocol of ports', () => {
    const spec = {
      selector: {},
      strategy: {},
      template: { spec: { containers: [{ name: 'c', ports: [{ containerPort: 1 }] }] } },
    }
    const object: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec }
    typeOf('deployments').schema.applyDefaults(object)
    const containers = [{ name: 'c', ports: [{ containerPort: 1, protocol: 'TCP' }] }]
    assert.deepEqual(object.spec, { ...spec, template: { spec: { containers } } })
  })
  test('are patched with the merge keys of Kubernetes', () => {
    const pod = typeOf('deployments').schema.topology.fields?.spec?.fields?.template?.fields?.spec?.fields
    assert.equal(pod?.containers?.patchMergeKey, 'name')
    assert.equal(pod?.containers?.items?.fields?.volumeMounts?.patchMergeKey, 'mountPath')
    assert.deepEqual(typeOf('deployments').schema.topology.fields?.spec?.fields?.strategy?.patchStrategy, [
      'retainKeys',
    ])
  })
})

test('a terminating CRD serves no writes and says so', () => {
  const [first] = computeExport.schemas
  assert.ok(first)
  const crd = boundCrd(first)
  assert.ok(isJsonObject(crd.metadata))
  crd.metadata.deletionTimestamp = '2026-11-21T11:00:00Z'
  const [type] = typesOfCrd(crd, '')
  assert.equal(type?.terminating, true)
  assert.deepEqual(type?.verbs, ['delete', 'deletecollection', 'get', 'list', 'watch'])
})
