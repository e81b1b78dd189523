import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Condition } from '../../../api/objects.ts'
import { decide } from './decide.ts'

const at = (time: string) => new Date(`2026-11-21T10:${time}Z`)
const lastTransitionTime = '2026-11-21T09:00:00Z'
const healthy: Condition[] = [
  { type: 'Ready', status: 'True', lastTransitionTime },
  { type: 'HeartbeatHealthy', status: 'True', lastTransitionTime },
  { type: 'SyncerAuthorized', status: 'True', lastTransitionTime },
]
const because = (message: string) =>
  ({ status: 'False', severity: 'Warning', reason: 'ErrorHeartbeat', message }) as const
const expired: Condition[] = [
  { type: 'Ready', ...because('No heartbeat since 2026-11-21 10:00:00 +0000 UTC'), lastTransitionTime },
  { type: 'HeartbeatHealthy', ...because('No heartbeat since 2026-11-21 10:00:00 +0000 UTC'), lastTransitionTime },
]

const cases = [
  {
    name: 'never seen',
    conditions: undefined,
    last: undefined,
    now: '00:30',
    ready: 'False',
    message: 'No heartbeat yet seen',
  },
  {
    name: 'fresh: look again at its expiry',
    conditions: undefined,
    last: '00:20',
    now: '00:30',
    ready: 'True',
    requeueAfterMs: 50_000,
  },
  {
    name: 'expired',
    conditions: healthy,
    last: '00:00',
    now: '05:00',
    ready: 'False',
    message: 'No heartbeat since 2026-11-21 10:00:00 +0000 UTC',
  },
  {
    name: 'the time this server was down does not count',
    conditions: healthy,
    last: '00:00',
    started: '09:50',
    now: '10:00',
    ready: 'True',
    requeueAfterMs: 50_000,
  },
  {
    name: 'what was unhealthy before the start stays so',
    conditions: expired,
    last: '00:00',
    started: '09:50',
    now: '10:00',
    ready: 'False',
    message: 'No heartbeat since 2026-11-21 10:00:00 +0000 UTC',
  },
]

for (const { name, conditions, last, started = '00:00', now, ready, message, requeueAfterMs } of cases) {
  test(name, () => {
    const lastHeartbeat = last === undefined ? undefined : `2026-11-21T10:${last}Z`
    const observed = { conditions, lastHeartbeat, now: at(now), startedAt: at(started), thresholdMs: 60_000 }
    const decision = decide(observed)
    assert.equal(decision.requeueAfterMs, requeueAfterMs)
    for (const type of ['Ready', 'HeartbeatHealthy']) {
      const condition = decision.conditions.find(each => each.type === type)
      assert.equal(condition?.status, ready)
      assert.equal(condition?.message, message)
    }
    assert.equal(decide({ ...observed, conditions: decision.conditions }).conditions, decision.conditions)
  })
}
