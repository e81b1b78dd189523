// Says every 20 seconds that the agent lives and reaches kcp. It keeps saying so while the physical cluster is away.
import { formatTime } from '../../api/time.ts'
import type { Client } from '../../api-client/client.ts'
import { type Clock, pause } from '../../api-client/clock.ts'
import { backoffMs } from '../../api-client/controller/backoff.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { syncTargetsGvr } from '../identity.ts'

export interface HeartbeatOptions {
  readonly client: Client
  readonly name: string
  readonly uid: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

const heartbeatMs = 20_000
/** Well below the minute after which kcp takes the agent for dead. */
const heartbeatBackoff = { firstMs: 1000, maxMs: 10_000, jitter: 0.2 }

export async function runHeartbeat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { client, name, uid, clock, log } = options
  let failures = 0
  let told = ''
  while (!signal.aborted) {
    const body = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'replace', path: '/status/lastSyncerHeartbeatTime', value: formatTime(new Date(clock.now())) },
    ]
    try {
      await client.patch(syncTargetsGvr, { name, subresource: 'status' }, { type: 'json', body }, { signal })
      if (told !== '') log.info({ 'syncTarget.name': name }, 'heartbeats are accepted again')
      failures = 0
      told = ''
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      const text = errorText(error)
      if (text !== told) log.error({ error: text }, 'failed to set status.lastSyncerHeartbeatTime')
      told = text
    }
    const waitMs = failures === 0 ? heartbeatMs : backoffMs(failures, heartbeatBackoff, options.random())
    await pause(clock, waitMs, signal)
  }
}
