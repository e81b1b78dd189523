// Everything that exists after the first start, in the order it can exist; on a restart only what differs is written.
// Leaves out: what the controllers make of it (identities, bindings, workspaces), which it waits for.
import {
  batteryAnnotation,
  createOnlyAnnotation,
  logicalClusterFinalizer,
  ownerAnnotation,
  phaseLabel,
  workspaceTypeAnnotation,
} from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isAlreadyExists } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { bootstrapPolicyObjects } from '../auth/bootstrap-policy.ts'
import {
  computeExportObject,
  computeSchemas,
  rootBindings,
  rootExportNames,
  rootExports,
  rootSchemas,
} from './api-objects.ts'
import { applyObjects } from './apply-objects.ts'
import { computeBattery, computePolicy } from './compute-policy.ts'
import { apiBindings, apiExports, logicalClusters, resourceOf, workspaces } from './resources.ts'
import { rootPolicy } from './root-policy.ts'
import { waitFor } from './wait-for.ts'
import { rootWorkspaceTypes } from './workspace-types.ts'

export interface BootstrapDeps {
  /** May do everything. */
  readonly client: Client
  readonly signal: AbortSignal
}

export interface RootApis {
  /** Identity hashes of the exports of root, by name. */
  readonly identities: Readonly<Record<string, string>>
}

export interface RootOptions {
  readonly shardName: string
  readonly shardUrls: { readonly baseUrl: string; readonly externalUrl: string; readonly virtualWorkspaceUrl: string }
  readonly homeCreatorGroups: readonly string[]
  readonly workspaceTypesBattery: boolean
  readonly computeBattery: boolean
}

const adminCluster = 'system:admin'
const rootCluster = 'root'

/** Phase 0: policy, the root logical cluster and kcp's own APIs in it. Needs the APIExport and APIBinding controllers. */
export async function bootstrapApis({ client, signal }: BootstrapDeps): Promise<RootApis> {
  const root = client.cluster(rootCluster)
  await Promise.all([
    applyObjects(client.cluster(adminCluster), [
      ...['kube-system', 'kube-public'].map(namespace),
      ...bootstrapPolicyObjects({ kcp: true }),
    ]),
    applyRoot(root),
  ])
  const exported = waitFor<KubeObject & { status?: { identityHash?: string } }>({
    client: root,
    gvr: apiExports,
    names: rootExportNames,
    passes: apiExport => (apiExport.status?.identityHash ?? '') !== '',
    signal,
  })
  const bound = waitFor<KubeObject & { status?: { phase?: string } }>({
    client: root,
    gvr: apiBindings,
    names: rootExportNames,
    passes: binding => binding.status?.phase === 'Bound',
    signal,
  })
  const [exports] = await Promise.all([exported, bound])
  const identities = exports.map(({ metadata, status }) => [metadata.name, status?.identityHash ?? ''])
  return { identities: Object.fromEntries(identities) }
}

async function applyRoot(root: Client): Promise<void> {
  await ensureRootLogicalCluster(root)
  await applyObjects(root, [...rootSchemas(), ...rootExports()])
  await applyObjects(root, rootBindings())
}

/** Phase 1: RBAC, WorkspaceTypes and the Shard of root, then root:compute. Needs all controllers. */
export async function bootstrapRoot({ client, signal }: BootstrapDeps, options: RootOptions): Promise<void> {
  const root = client.cluster(rootCluster)
  await applyObjects(root, [
    namespace('default'),
    ...rootPolicy(options.homeCreatorGroups),
    ...rootWorkspaceTypes({ workspaceTypes: options.workspaceTypesBattery }),
    shard(options),
  ])
  if (options.computeBattery) await bootstrapCompute(client, signal)
}

async function bootstrapCompute(client: Client, signal: AbortSignal): Promise<void> {
  const root = client.cluster(rootCluster)
  await createIfMissing(root, computeWorkspace())
  const [workspace] = await waitFor<KubeObject & { spec?: { cluster?: string }; status?: { phase?: string } }>({
    client: root,
    gvr: workspaces,
    names: ['compute'],
    passes: ({ status, metadata }) => status?.phase === 'Ready' || metadata.deletionTimestamp !== undefined,
    signal,
  })
  const cluster = workspace?.spec?.cluster
  if (cluster === undefined || workspace?.metadata.deletionTimestamp) return
  const compute = client.cluster(cluster)
  await applyObjects(compute, [...computeSchemas(), ...computePolicy(), computeExportObject()])
  await waitFor<KubeObject & { status?: { identityHash?: string } }>({
    client: compute,
    gvr: apiExports,
    names: ['kubernetes'],
    passes: apiExport => (apiExport.status?.identityHash ?? '') !== '',
    signal,
  })
}

async function createIfMissing(client: Client, object: KubeObject): Promise<void> {
  try {
    await client.create(resourceOf(object), object)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** Also when an earlier start ended between the two writes. */
async function ensureRootLogicalCluster(root: Client): Promise<void> {
  const wanted = rootLogicalCluster()
  const { name } = wanted.metadata
  await createIfMissing(root, wanted)
  const { status } = await root.get<KubeObject & { status?: { phase?: string } }>(logicalClusters, { name })
  if ((status?.phase ?? 'Scheduling') !== 'Scheduling') return
  const body = { status: { phase: 'Initializing' } }
  await root.patch(logicalClusters, { name, subresource: 'status' }, { type: 'merge', body })
}

function namespace(name: string): KubeObject {
  const annotations = { [createOnlyAnnotation]: 'true' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(name === 'default' ? { annotations } : {}) } }
}

function rootLogicalCluster(): KubeObject {
  return {
    apiVersion: 'core.kcp.io/v1alpha1',
    kind: 'LogicalCluster',
    metadata: {
      name: 'cluster',
      annotations: { [workspaceTypeAnnotation]: 'root:root' },
      labels: { [phaseLabel]: 'Initializing' },
      finalizers: [logicalClusterFinalizer],
    },
    spec: { directlyDeletable: false },
  }
}

function shard({ shardName, shardUrls }: RootOptions): KubeObject {
  const { baseUrl, externalUrl, virtualWorkspaceUrl } = shardUrls
  return {
    apiVersion: 'core.kcp.io/v1alpha1',
    kind: 'Shard',
    metadata: { name: shardName, labels: { name: shardName } },
    spec: { baseURL: baseUrl, externalURL: externalUrl, virtualWorkspaceURL: virtualWorkspaceUrl },
  }
}

function computeWorkspace(): KubeObject {
  return {
    apiVersion: 'tenancy.kcp.io/v1alpha1',
    kind: 'Workspace',
    metadata: {
      name: 'compute',
      annotations: {
        [batteryAnnotation]: computeBattery,
        [createOnlyAnnotation]: 'true',
        [ownerAnnotation]: '{"username":"system:kcp:bootstrapper"}',
      },
    },
    spec: {
      type: { name: 'universal', path: 'root' },
      location: { selector: { matchLabels: { name: 'root' } } },
    },
  }
}
