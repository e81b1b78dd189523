// What the syncer reads of its SyncTarget.
import type { Condition, GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { configMapsGvr, gvrId, secretsGvr } from '../identity.ts'

export interface SyncedResource {
  readonly group?: string
  readonly resource: string
  readonly versions: readonly string[]
  readonly identityHash?: string
  readonly state?: 'Pending' | 'Accepted' | 'Incompatible'
}

export interface SyncTarget extends KubeObject {
  status?: {
    conditions?: Condition[]
    syncedResources?: SyncedResource[]
    virtualWorkspaces?: { syncerURL: string; upsyncerURL: string }[]
    lastSyncerHeartbeatTime?: string
  }
}

/** One resource to sync, and the versions it may be synced in, best first. */
export interface RequiredResource {
  readonly group: string
  readonly resource: string
  readonly versions: readonly string[]
}

/** Born downstream: they are never copied down. */
const downstreamResources = new Set(['pods', 'endpoints'])

/** Accepted resources, and those that are always synced. Each resource once, whatever its versions. */
export function requiredResources(syncTarget: SyncTarget): RequiredResource[] {
  const required = new Map<string, RequiredResource>()
  const add = (resource: RequiredResource) => {
    const id = `${resource.resource}.${resource.group}`
    if (!required.has(id)) required.set(id, resource)
  }
  for (const { group, version, resource } of [configMapsGvr, secretsGvr]) add({ group, resource, versions: [version] })
  for (const { group = '', resource, versions, state } of syncTarget.status?.syncedResources ?? []) {
    if (state !== 'Accepted' || versions.length === 0) continue
    if (group === '' && downstreamResources.has(resource)) continue
    add({ group, resource, versions })
  }
  return [...required.values()]
}

/** Everything kcp may ever want from this cluster, accepted or not. */
export function knownResources(syncTarget: SyncTarget): GroupVersionResource[] {
  const known = [configMapsGvr, secretsGvr]
  for (const { group = '', resource, versions } of syncTarget.status?.syncedResources ?? []) {
    if (group === '' && downstreamResources.has(resource)) continue
    for (const version of versions) known.push({ group, version, resource })
  }
  return [...new Map(known.map(gvr => [gvrId(gvr), gvr])).values()]
}

/** Names for the importer: `<resource>[.<group>]`. */
export function importableNames(syncTarget: SyncTarget): string[] {
  const resources = syncTarget.status?.syncedResources ?? []
  return resources.map(({ group = '', resource }) => (group === '' ? resource : `${resource}.${group}`))
}
