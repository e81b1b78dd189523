// Whether a SyncTarget's syncer is alive. The time this server was down does not count: syncers could not report then.
import { falseCondition, getCondition, setCondition, setSummary, trueCondition } from '../../../api/conditions.ts'
import type { Condition } from '../../../api/objects.ts'
import { parseTime } from '../../../api/time.ts'

export const heartbeatType = 'HeartbeatHealthy'
const summarizedTypes = ['SyncerReady', 'APIImporterReady', heartbeatType]

export interface Observed {
  readonly conditions: Condition[] | undefined
  readonly lastHeartbeat: string | undefined
  readonly now: Date
  /** When this server started. */
  readonly startedAt: Date
  readonly thresholdMs: number
}

export interface Decision {
  /** The same list when nothing changes. */
  readonly conditions: Condition[]
  /** When a healthy target expires unless it reports. */
  readonly requeueAfterMs?: number
}

export function decide({ conditions, lastHeartbeat, now, startedAt, thresholdMs }: Observed): Decision {
  const last = lastHeartbeat === undefined ? undefined : parseTime(lastHeartbeat)
  const set = (condition: Parameters<typeof setCondition>[1]) =>
    setSummary(setCondition(conditions, condition, now), { types: summarizedTypes, now })
  if (last === undefined) return { conditions: set(unhealthy('No heartbeat yet seen')) }
  const wasUnhealthy = getCondition(conditions, heartbeatType)?.status === 'False'
  const ownExpiryMs = last.getTime() + thresholdMs
  const graceMs = wasUnhealthy ? 0 : startedAt.getTime() + thresholdMs
  const remainingMs = Math.max(ownExpiryMs, graceMs) - now.getTime()
  if (remainingMs <= 0) return { conditions: set(unhealthy(`No heartbeat since ${goTime(last)}`)) }
  return { conditions: set(trueCondition(heartbeatType)), requeueAfterMs: remainingMs }
}

function unhealthy(message: string) {
  return falseCondition(heartbeatType, { reason: 'ErrorHeartbeat', severity: 'Warning', message })
}

/** As Go prints a time in UTC: `2026-11-21 09:50:06 +0000 UTC`. */
function goTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`
}
