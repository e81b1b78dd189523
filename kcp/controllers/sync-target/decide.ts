// What the server says about a SyncTarget itself: its key as a label, and where its syncer finds its work.
import { equalJson } from '../../../api/json.ts'
import { syncTargetKeyLabel } from '../../../api/names/kcp-keys.ts'
import { syncTargetKey } from '../../../api/names/sync-target.ts'
import { clusterOf } from '../loop.ts'
import type { SyncTarget, SyncTargetStatus } from './sync-target.ts'

export interface Decision {
  /** Merge patches. */
  readonly metadata?: { labels: Record<string, string> }
  readonly status?: Pick<SyncTargetStatus, 'virtualWorkspaces'>
}

/** `bases`: URLs of the virtual workspaces of every shard, without a slash at the end. */
export function decide(syncTarget: SyncTarget, bases: readonly string[]): Decision {
  const { name, uid = '', labels = {} } = syncTarget.metadata
  const cluster = clusterOf(syncTarget)
  const key = syncTargetKey(cluster, name)
  const path = `${cluster}/${name}/${uid}`
  const virtualWorkspaces = [...bases].sort().map(base => ({
    syncerURL: `${base}/services/syncer/${path}`,
    upsyncerURL: `${base}/services/upsyncer/${path}`,
  }))
  return {
    ...(labels[syncTargetKeyLabel] === key ? {} : { metadata: { labels: { [syncTargetKeyLabel]: key } } }),
    ...(equalJson(syncTarget.status?.virtualWorkspaces ?? [], virtualWorkspaces)
      ? {}
      : { status: { virtualWorkspaces } }),
  }
}
