// The first thing a syncer does: find its SyncTarget, be sure it is the right one, learn where to sync with. Whatever is
// in the way is told once and waited for; nothing downstream is touched meanwhile.
import { clusterAnnotation } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { type Clock, pause } from '../../api-client/clock.ts'
import { backoffMs } from '../../api-client/controller/backoff.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { syncTargetsGvr } from '../identity.ts'
import type { SyncTarget } from './sync-target.ts'

export interface FoundSyncTarget {
  readonly syncTarget: SyncTarget
  /** Logical cluster name, from the object itself. */
  readonly cluster: string
  readonly syncerUrl: string
}

export interface WaitOptions {
  /** For the workspace of the SyncTarget. */
  readonly client: Client
  readonly name: string
  readonly uid: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly signal: AbortSignal
}

const waitBackoff = { firstMs: 1000, maxMs: 30_000, jitter: 0.2 }
/** kcp writes the URLs soon after the SyncTarget is made. */
const urlPollMs = 1000

/** Undefined only when the signal fired. */
export async function waitForSyncTarget(options: WaitOptions): Promise<FoundSyncTarget | undefined> {
  const { client, name, uid, clock, log, signal } = options
  let failures = 0
  let told = ''
  while (!signal.aborted) {
    let problem: string
    try {
      const syncTarget = await client.get<SyncTarget>(syncTargetsGvr, { name }, { signal })
      const found = checkSyncTarget(syncTarget, uid)
      if (typeof found !== 'string') return found
      problem = found
      failures = problem === noUrl ? 0 : failures + 1
    } catch (error) {
      if (signal.aborted) return undefined
      problem = errorText(error)
      failures += 1
    }
    if (problem !== told) log.error({ 'syncTarget.name': name, error: problem }, 'waiting for the SyncTarget')
    told = problem
    await pause(clock, failures === 0 ? urlPollMs : backoffMs(failures, waitBackoff, options.random()), signal)
  }
  return undefined
}

const noUrl = 'the SyncTarget has no virtual workspace URL yet'

/** What was found, or why it will not do. */
export function checkSyncTarget(syncTarget: SyncTarget, uid: string): FoundSyncTarget | string {
  const actual = syncTarget.metadata.uid
  if (actual !== uid) return `unexpected SyncTarget UID ${actual}, expected ${uid}, refusing to sync`
  const syncerUrl = syncTarget.status?.virtualWorkspaces?.[0]?.syncerURL
  if (!syncerUrl) return noUrl
  const cluster = syncTarget.metadata.annotations?.[clusterAnnotation]
  if (!cluster) return `the SyncTarget has no annotation ${clusterAnnotation}`
  return { syncTarget, cluster, syncerUrl: syncerUrl.replace(/\/+$/, '') }
}
