// Keeps HeartbeatHealthy and Ready of SyncTargets true; a timer per healthy target waits for its expiry.
import { formatKey, type KubeObject, parseKey } from '../../../api/objects.ts'
import { getOrUndefined, type Loop, patchRead } from '../loop.ts'
import { syncTargets } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import type { SyncTarget } from '../sync-target/sync-target.ts'
import { decide } from './decide.ts'

const thresholdMsDefault = 60_000

export function startHeartbeatController(deps: SchedulingDeps): Loop {
  const { client, heartbeatThresholdMs: thresholdMs = thresholdMsDefault } = deps
  const startedAt = deps.now()
  const decideFor = (object: KubeObject) => {
    const { status = {} } = object as SyncTarget
    const { conditions, lastSyncerHeartbeatTime: lastHeartbeat } = status
    return decide({ conditions, lastHeartbeat, now: deps.now(), startedAt, thresholdMs })
  }
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-synctarget-heartbeat',
    reconcile: async text => {
      const syncTarget = await getOrUndefined<SyncTarget>(client, syncTargets, parseKey(text))
      if (syncTarget === undefined) return undefined
      const { conditions, requeueAfterMs } = decideFor(syncTarget)
      if (conditions !== syncTarget.status?.conditions) {
        const body = { status: { conditions } }
        await patchRead(client, syncTargets, { object: syncTarget, body, subresource: 'status' })
      }
      return requeueAfterMs === undefined ? undefined : { requeueAfterMs }
    },
  })
  deps.scheduling.syncTargets.onChange((key, after, _before, object) => {
    if (after === undefined || object === undefined) return
    const { conditions, requeueAfterMs } = decideFor(object)
    if (conditions !== (object as SyncTarget).status?.conditions) loop.add(formatKey(key))
    else if (requeueAfterMs !== undefined) loop.addAfter(formatKey(key), requeueAfterMs)
  })
  return loop
}
