// Gives SyncTargets their key label and the URLs of their virtual workspaces.
// Leaves out: health (heartbeat/) and which resources they sync (sync-target-export/).
import { formatKey, parseKey } from '../../../api/objects.ts'
import { getOrUndefined, type Loop } from '../loop.ts'
import { syncTargets } from '../resources.ts'
import { patchSameObject } from '../same-object.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { decide } from './decide.ts'
import type { SyncTarget } from './sync-target.ts'

export interface SyncTargetDeps extends SchedulingDeps {
  readonly virtualWorkspaceBases: () => readonly string[]
}

export function startSyncTargetController(deps: SyncTargetDeps): Loop {
  const { client, scheduling } = deps
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-synctarget-controller',
    reconcile: async text => {
      const syncTarget = await getOrUndefined<SyncTarget>(client, syncTargets, parseKey(text))
      if (syncTarget === undefined) return
      const { metadata, status } = decide(syncTarget, deps.virtualWorkspaceBases())
      if (metadata) await patchSameObject(client, syncTargets, { object: syncTarget, body: { metadata } })
      if (status) {
        await patchSameObject(client, syncTargets, { object: syncTarget, body: { status }, subresource: 'status' })
      }
    },
  })
  scheduling.syncTargets.onChange((key, after, _before, object) => {
    if (after === undefined || object === undefined) return
    const { metadata, status } = decide(object as SyncTarget, deps.virtualWorkspaceBases())
    if (metadata || status) loop.add(formatKey(key))
  })
  return loop
}
