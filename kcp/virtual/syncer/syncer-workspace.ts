// The virtual workspace of a syncer: the objects scheduled to its SyncTarget, as it shall see and may change them.
// Leaves out: objects born in the physical cluster (upsyncer/).
import { stateLabel } from '../../../api/names/kcp-keys.ts'
import { addressOf, type VirtualResource, type VirtualWorkspace } from '../api-domain.ts'
import type { ServedResource, SyncTargetApi } from '../sync-target-apis.ts'
import { viewOf } from './view.ts'
import { planWrite } from './write.ts'

const verbs = ['get', 'list', 'patch', 'update', 'watch']
const statusVerbs = ['get', 'patch', 'update']
/** Of the core group: they run downstream on their own and come up another way, if at all. */
const neverSynced = new Set(['pods', 'endpoints'])

export function createSyncerWorkspace({ key, resources }: SyncTargetApi): VirtualWorkspace {
  const shown = resources
    .filter(({ group, resource }) => group !== '' || !neverSynced.has(resource))
    .map(syncedResource)
  return {
    resources: shown,
    label: { key: stateLabel(key), value: 'Sync' },
    read: stored => viewOf(stored, key),
    planUpdate: ({ stored, body, subresource, resource }) =>
      planWrite({ stored, view: body, key, subresource, resource: { ...resource, resource: addressOf(resource) } }),
  }
}

function syncedResource({ hasStatus, ...resource }: ServedResource): VirtualResource {
  return { ...resource, verbs, statusVerbs: hasStatus ? statusVerbs : undefined }
}
