// The store, and what is kept in memory of it: served types, logical clusters, roles, accounts. All of it is told of a
// write before the writer is.
import type { KubeObject } from '../api/objects.ts'
import type { FedInformer } from '../api-client/cache/informer.ts'
import { typesOfCrd } from './apis/custom-type.ts'
import { systemTypes } from './apis/kcp-types.ts'
import { nativeTypes } from './apis/native-types.ts'
import { createExportPolicies, type ExportPolicies } from './auth/export-policies.ts'
import { createKeptReads, type KeptReads } from './auth/kept-reads.ts'
import { observeWrites } from './auth/observed-store.ts'
import { createRbacSource, type RbacSource } from './auth/rbac-source.ts'
import { createStoredAccounts, type StoredAccounts } from './auth/stored-accounts.ts'
import { type BindingEvents, createBindingEvents } from './controllers/binding-events.ts'
import { type ComputeBindingFacts, computeBindingProjection } from './controllers/placement/compute-binding.ts'
import type { LogSource } from './log.ts'
import type { ResourceType } from './registry/resource.ts'
import { parseStored } from './registry/stored-object.ts'
import type { Store } from './storage/store.ts'
import { createCatalog, type WorkspaceCatalog } from './workspaces/catalog.ts'
import { type ClusterIndex, createClusterIndex } from './workspaces/cluster-index.ts'

export interface KnowledgeOptions {
  readonly stored: Store
  readonly logs: LogSource
  /** Fires when the server stops. */
  readonly signal: AbortSignal
}

export interface Knowledge {
  /** To be used by everybody: a write past it would be seen late. */
  readonly store: Store
  readonly rbac: RbacSource
  readonly policies: ExportPolicies
  readonly accounts: StoredAccounts
  /** WorkspaceTypes by key: asked several times for every new workspace. Not to be changed. */
  readonly workspaceTypes: Pick<KeptReads<KubeObject | undefined>, 'read'>
  readonly catalog: WorkspaceCatalog
  readonly bindings: BindingEvents
  readonly computeBindings: FedInformer<ComputeBindingFacts>
  readonly index: ClusterIndex
}

/** Whatever identity their export has. */
const workspaceTypesPrefix = '/registry/tenancy.kcp.io/workspacetypes/'

export function createKnowledge({ stored, logs, signal }: KnowledgeOptions): Knowledge {
  const rbac = createRbacSource(stored)
  const policies = createExportPolicies(stored)
  const accounts = createStoredAccounts(stored)
  const workspaceTypes = createKeptReads(async key => {
    const found = await stored.get(key)
    return found && parseStored(found)
  })
  const store = observeWrites(stored, key => {
    if (key.startsWith(workspaceTypesPrefix)) workspaceTypes.forget(key)
    rbac.written(key)
    policies.written(key)
    accounts.written(key)
  })
  const log = logs.part('follow')
  const onFailure = (error: unknown): void => log.warn({ err: error }, 'reading everything again after a failure')
  const followed = { store, signal, onFailure }
  const bindingsPrefix = prefixOf(systemTypes(), 'apis.kcp.io', 'apibindings')
  const read = async (suffix: string) => (await store.get(bindingsPrefix + suffix))?.value
  const bindings = createBindingEvents({ read, log, signal })
  const computeBindings = bindings.follow(computeBindingProjection)
  const catalog = createCatalog({
    ...followed,
    nativeTypes: nativeTypes(),
    systemTypes: systemTypes(),
    typesOfCrd,
    bindingsPrefix,
    bindingsSink: bindings.sink,
    crdsPrefix: prefixOf(nativeTypes(), 'apiextensions.k8s.io', 'customresourcedefinitions'),
  })
  const index = createClusterIndex({
    ...followed,
    logicalClustersPrefix: prefixOf(systemTypes(), 'core.kcp.io', 'logicalclusters'),
  })
  return { store, rbac, policies, accounts, workspaceTypes, catalog, bindings, computeBindings, index }
}

function prefixOf(types: readonly ResourceType[], group: string, resource: string): string {
  const type = types.find(each => each.group === group && each.resource === resource)
  if (!type) throw new Error(`${resource}.${group} is not served`)
  return type.keyPrefix
}
