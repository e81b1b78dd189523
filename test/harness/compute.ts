// A workspace with a physical cluster that exists only in what its syncer would have told kcp, and one that uses it.
import { syncTargetKey } from '../../api/names/sync-target.ts'
import { type Condition, clusterAnnotation, type GroupVersionResource, type KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { until } from './until.ts'

const gvr = (group: string, version: string, resource: string): GroupVersionResource => ({ group, version, resource })
export const syncTargets = gvr('workload.kcp.io', 'v1alpha1', 'synctargets')
export const apiResourceImports = gvr('apiresource.kcp.io', 'v1alpha1', 'apiresourceimports')
export const placements = gvr('scheduling.kcp.io', 'v1alpha1', 'placements')
export const locations = gvr('scheduling.kcp.io', 'v1alpha1', 'locations')
export const apiBindings = gvr('apis.kcp.io', 'v1alpha1', 'apibindings')
export const apiExports = gvr('apis.kcp.io', 'v1alpha1', 'apiexports')
export const workspaces = gvr('tenancy.kcp.io', 'v1alpha1', 'workspaces')
export const deployments = gvr('apps', 'v1', 'deployments')
export const configMaps = gvr('', 'v1', 'configmaps')
export const namespaces = gvr('', 'v1', 'namespaces')
const apiResourceSchemas = gvr('apis.kcp.io', 'v1alpha1', 'apiresourceschemas')

export interface SyncTarget extends KubeObject {
  spec?: { unschedulable?: boolean }
  status?: {
    conditions?: Condition[]
    syncedResources?: { resource: string; state: string; identityHash: string }[]
    virtualWorkspaces?: { syncerURL: string; upsyncerURL: string }[]
  }
}

export interface PhysicalCluster {
  readonly syncTarget: SyncTarget
  readonly key: string
  /** Paths below the server. */
  readonly syncerPath: string
  readonly upsyncerPath: string
}

const computeExport = { path: 'root:compute', export: 'kubernetes' }

/** Ready, and accepts what the compute export has. `server`: without a logical cluster. */
export async function addPhysicalCluster(server: Client, workspace: string, name: string): Promise<PhysicalCluster> {
  const local = server.cluster(workspace)
  const spec = { supportedAPIExports: [computeExport] }
  const created = await local.create(syncTargets, { ...objectOf('workload.kcp.io/v1alpha1', 'SyncTarget', name), spec })
  await until<SyncTarget>(local, { gvr: syncTargets, name }, each => each?.status?.virtualWorkspaces !== undefined)
  await importComputeApis(server, workspace, name)
  await sendHeartbeat(local, name)
  const ready = await until<SyncTarget>(local, { gvr: syncTargets, name }, isUsable)
  if (!ready) throw new Error(`${name} is gone`)
  const [urls] = ready.status?.virtualWorkspaces ?? []
  return {
    syncTarget: ready,
    key: syncTargetKey(created.metadata.annotations?.[clusterAnnotation] ?? '', name),
    syncerPath: new URL(urls?.syncerURL ?? '').pathname,
    upsyncerPath: new URL(urls?.upsyncerURL ?? '').pathname,
  }
}

function isUsable(syncTarget: SyncTarget | undefined): boolean {
  const { conditions = [], syncedResources = [] } = syncTarget?.status ?? {}
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  return isReady && syncedResources.length > 0 && syncedResources.every(({ state }) => state === 'Accepted')
}

interface ApiResourceSchema extends KubeObject {
  spec: {
    group: string
    names: object & { plural: string }
    scope: string
    versions: { name: string; schema: object }[]
  }
}

/** As a syncer of a cluster that has exactly these. */
export async function importComputeApis(server: Client, workspace: string, syncTarget: string): Promise<void> {
  const { items } = await server.cluster('root:compute').list<ApiResourceSchema>(apiResourceSchemas)
  for (const { spec } of items) {
    const { group, names, scope, versions } = spec
    const [version] = versions
    const name = `${names.plural}.${syncTarget}.${version?.name}.${group || 'core'}`
    await server.cluster(workspace).create(apiResourceImports, {
      ...objectOf('apiresource.kcp.io/v1alpha1', 'APIResourceImport', name),
      spec: {
        groupVersion: { ...(group === '' ? {} : { group }), version: version?.name },
        scope,
        ...names,
        openAPIV3Schema: version?.schema,
        schemaUpdateStrategy: 'UpdateUnpublished',
        location: syncTarget,
      },
    })
  }
}

export async function sendHeartbeat(local: Client, name: string): Promise<void> {
  const value = `${new Date().toISOString().slice(0, 19)}Z`
  const body = [{ op: 'replace', path: '/status/lastSyncerHeartbeatTime', value }]
  await local.patch(syncTargets, { name, subresource: 'status' }, { type: 'json', body })
}

export async function addWorkspace(server: Client, parent: string, name: string): Promise<Client> {
  const workspace = {
    ...objectOf('tenancy.kcp.io/v1alpha1', 'Workspace', name),
    spec: { type: { name: 'universal', path: 'root' } },
  }
  await server.cluster(parent).create(workspaces, workspace)
  await until(server.cluster(parent), { gvr: workspaces, name }, each => phaseOf(each) === 'Ready')
  return server.cluster(`${parent}:${name}`)
}

export function phaseOf(object: KubeObject | undefined): string | undefined {
  return (object?.status as { phase?: string } | undefined)?.phase
}

/** What `bind compute` does. */
export async function bindCompute(local: Client, locationWorkspace: string): Promise<void> {
  await local.create(apiBindings, {
    ...objectOf('apis.kcp.io/v1alpha1', 'APIBinding', 'kubernetes'),
    spec: { reference: { export: { path: 'root:compute', name: 'kubernetes' } } },
  })
  await until(local, { gvr: apiBindings, name: 'kubernetes' }, each => phaseOf(each) === 'Bound')
  await local.create(placements, {
    ...objectOf('scheduling.kcp.io/v1alpha1', 'Placement', 'default'),
    spec: {
      locationSelectors: [{}],
      namespaceSelector: {},
      locationResource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' },
      locationWorkspace,
    },
  })
  await until(local, { gvr: placements, name: 'default' }, each => phaseOf(each) === 'Bound')
}

export function deployment(name: string, metadata: object = {}): KubeObject {
  const labels = { app: name }
  const spec = { containers: [{ name: 'c', image: 'image' }] }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  }
}

export function objectOf(apiVersion: string, kind: string, name: string): KubeObject {
  return { apiVersion, kind, metadata: { name } }
}

/** A client for what is served below a path of the server. */
export function clientBelow(server: Client, path: string): Client {
  return createClient(request => server.request(request), { basePath: path })
}
