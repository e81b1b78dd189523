// Words of the syncer: whose agent it is, and which resources it carries.
import { syncTargetKey } from '../api/names/sync-target.ts'
import type { GroupVersionResource } from '../api/objects.ts'

export interface SyncTargetIdentity {
  /** Logical cluster name, never a path. */
  readonly cluster: string
  readonly name: string
  readonly uid: string
  /** The `<key>` of labels, annotations and finalizers. */
  readonly key: string
}

export function syncTargetIdentity(of: { cluster: string; name: string; uid: string }): SyncTargetIdentity {
  return { ...of, key: syncTargetKey(of.cluster, of.name) }
}

/** Text of a GVR as Go prints it, used in messages: `apps/v1, Resource=deployments`. */
export function gvrText(gvr: GroupVersionResource): string {
  return `${gvr.group}/${gvr.version}, Resource=${gvr.resource}`
}

/** Short id of a GVR for keys and maps: `deployments.v1.apps`, `secrets.v1.`. */
export function gvrId(gvr: GroupVersionResource): string {
  return `${gvr.resource}.${gvr.version}.${gvr.group}`
}

export const namespacesGvr: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' }
export const secretsGvr: GroupVersionResource = { group: '', version: 'v1', resource: 'secrets' }
export const configMapsGvr: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' }
export const syncTargetsGvr: GroupVersionResource = {
  group: 'workload.kcp.io',
  version: 'v1alpha1',
  resource: 'synctargets',
}

/** The field manager of every apply. */
export const fieldManager = 'syncer'
