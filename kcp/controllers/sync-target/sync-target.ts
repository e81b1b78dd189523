// Shape of SyncTargets that several controllers read and write, and the few facts of each that are kept in memory.
import { isTrue, readyType } from '../../../api/conditions.ts'
import { syncTargetKey } from '../../../api/names/sync-target.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { clusterOf } from '../loop.ts'

export interface SyncedResource {
  /** Absent for the core group. */
  group?: string
  resource: string
  versions: string[]
  identityHash?: string
  state?: 'Pending' | 'Accepted' | 'Incompatible'
}

export interface SupportedExport {
  path?: string
  export: string
}

export interface SyncTargetStatus {
  conditions?: Condition[]
  lastSyncerHeartbeatTime?: string
  syncedResources?: SyncedResource[]
  virtualWorkspaces?: { syncerURL: string; upsyncerURL: string }[]
}

export interface SyncTarget extends KubeObject {
  spec?: { unschedulable?: boolean; evictAfter?: string; supportedAPIExports?: SupportedExport[] }
  status?: SyncTargetStatus
}

/** What scheduling asks of a SyncTarget. Heartbeats do not change it. */
export interface SyncTargetFacts {
  readonly name: string
  readonly cluster: string
  readonly uid: string
  readonly key: string
  readonly labels: Readonly<Record<string, string>>
  readonly isReady: boolean
  readonly unschedulable: boolean
  /** '' when unset. */
  readonly evictAfter: string
  readonly supportedExports: readonly SupportedExport[]
  /** acceptedKey() of every accepted resource. */
  readonly accepted: readonly string[]
}

export function syncTargetFacts(object: KubeObject): SyncTargetFacts {
  const { metadata, spec = {}, status = {} } = object as SyncTarget
  const cluster = clusterOf(object)
  return {
    name: metadata.name,
    cluster,
    uid: metadata.uid ?? '',
    key: syncTargetKey(cluster, metadata.name),
    labels: metadata.labels ?? {},
    isReady: isTrue(status.conditions, readyType),
    unschedulable: spec.unschedulable === true,
    evictAfter: spec.evictAfter ?? '',
    supportedExports: spec.supportedAPIExports ?? [],
    accepted: (status.syncedResources ?? []).filter(resource => resource.state === 'Accepted').map(acceptedKey),
  }
}

export function acceptedKey(resource: {
  readonly group?: string | undefined
  readonly resource: string
  readonly identityHash?: string | undefined
}): string {
  return `${resource.group ?? ''}/${resource.resource}/${resource.identityHash ?? ''}`
}

export const syncTargetProjection: Projection<SyncTargetFacts> = {
  project: syncTargetFacts,
  indexes: {
    cluster: ({ cluster }) => [cluster],
    key: ({ key }) => [key],
  },
}
