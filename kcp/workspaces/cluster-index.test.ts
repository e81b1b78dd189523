import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createMemoryStore } from '../storage/memory-store.ts'
import { createClusterIndex } from './cluster-index.ts'

const workspacesPrefix = '/registry/tenancy.kcp.io/workspaces/id/'
const logicalClustersPrefix = '/registry/core.kcp.io/logicalclusters/customresources/'
const store = createMemoryStore()
const stopping = new AbortController()
after(() => stopping.abort())
const onFailure = (error: unknown) => assert.fail(String(error))
const index = createClusterIndex({ store, logicalClustersPrefix, signal: stopping.signal, onFailure })
const bytes = (object: object) => Buffer.from(JSON.stringify(object))

function putWorkspace(parent: string, name: string, cluster: string, phase = 'Ready'): Promise<number> {
  return store.create(
    `${workspacesPrefix}${parent}/${name}`,
    bytes({ metadata: { name }, spec: { cluster }, status: { phase } }),
  )
}
function putCluster(name: string, path: string): Promise<number> {
  const annotations = { 'kcp.io/path': path, 'internal.tenancy.kcp.io/type': 'root:universal' }
  return store.create(
    `${logicalClustersPrefix}${name}/cluster`,
    bytes({ metadata: { annotations }, status: { phase: 'Ready' } }),
  )
}

test('paths are walked from a known cluster; names, system clusters and the wildcard are used as they are', async () => {
  await putCluster('root', '')
  await putCluster('c-org', 'root:org')
  await putWorkspace('root', 'org', 'c-org')
  await putWorkspace('c-org', 'team', 'c-team', 'Initializing')
  await putWorkspace('root', 'new', 'c-new', 'Scheduling')
  await index.followWorkspaces(workspacesPrefix)
  await index.whenCurrent()
  const want: [path: string, cluster: string | undefined][] = [
    ['root', 'root'],
    ['root:org', 'c-org'],
    ['root:org:team', 'c-team'],
    ['c-org:team', 'c-team'],
    ['root:new', undefined],
    ['root:nosuch', undefined],
    ['unknown', 'unknown'],
    ['unknown:org', undefined],
    ['system:admin', 'system:admin'],
    ['*', '*'],
    ['user:kcp-admin', 'kvdk2spgmbix'],
    ['user:kcp-admin:locations', undefined],
    ['root:users:zu:yc:kcp-admin', 'kvdk2spgmbix'],
    ['root:users:zu:yd:kcp-admin', undefined],
    ['root:users:zu:yc:other', undefined],
  ]
  for (const [path, cluster] of want) assert.equal(index.resolve(path), cluster, path)
  assert.equal(index.canonicalPath('c-org'), 'root:org')
  assert.equal(index.canonicalPath('root'), 'root')
})

test('the old spelling of a home reads as it, also below, unless a workspace root:users exists', async () => {
  await putWorkspace('kvdk2spgmbix', 'locations', 'c-loc')
  await index.whenCurrent()
  assert.equal(index.resolve('root:users:zu:yc:kcp-admin:locations'), 'c-loc')
  assert.equal(index.resolve('user:kcp-admin:locations'), 'c-loc')
  await putWorkspace('root', 'users', 'c-users')
  await index.whenCurrent()
  assert.equal(index.resolve('root:users:zu:yc:kcp-admin:locations'), undefined)
})
