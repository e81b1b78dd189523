import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList } from './discovery.ts'
import type { ServedType } from './served-type.ts'

const base: ServedType = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
  kind: 'Namespace',
  listKind: 'NamespaceList',
  singular: '',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: { status: { verbs: ['get', 'patch', 'update'] }, finalize: { verbs: ['update'] } },
  origin: 'native',
  schema: { topology: {}, openApi: {}, prune: () => [], applyDefaults: () => undefined, validate: () => [] },
}
const deployments: ServedType = {
  ...base,
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  singular: 'deployment',
  namespaced: true,
  origin: 'bound',
  categories: ['all'],
  shortNames: ['deploy'],
  subresources: {
    status: { verbs: ['get', 'patch', 'update'] },
    scale: { verbs: ['get'], responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  },
}
const types = [{ ...base, resource: 'secrets', kind: 'Secret', subresources: {} }, base, deployments]
const options = { serverAddress: 'h:6443' }

test('the core list has no apiVersion and is sorted by name', () => {
  const list = apiResourceList(types, { group: '', version: 'v1' })
  assert.equal(list?.apiVersion, undefined)
  assert.deepEqual(
    ((list?.resources ?? []) as { name: string }[]).map(row => row.name),
    ['namespaces', 'namespaces/finalize', 'namespaces/status', 'secrets'],
  )
})

test('a subresource of a foreign kind names its group and version', () => {
  const list = apiResourceList(types, { group: 'apps', version: 'v1' })
  const [, , scale] = (list?.resources ?? []) as Record<string, unknown>[]
  assert.deepEqual(scale, {
    name: 'deployments/scale',
    singularName: '',
    namespaced: true,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    verbs: ['get'],
  })
})

test('only native groups carry server addresses', () => {
  const [apps] = apiGroupList(types, options).groups as Record<string, unknown>[]
  assert.deepEqual(apps, {
    name: 'apps',
    versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
    preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
  })
  assert.equal(apiGroup(types, 'nope'), undefined)
  assert.equal(apiResourceList(types, { group: 'nope', version: 'v1' }), undefined)
})

test('the aggregated form parts core and groups', () => {
  const core = aggregatedDiscovery(types, 'api').items as Record<string, unknown>[]
  const groups = aggregatedDiscovery(types, 'apis').items as { metadata: { name: string } }[]
  assert.equal(core.length, 1)
  assert.deepEqual(
    groups.map(group => group.metadata.name),
    ['apps'],
  )
})
