// Follows the one SyncTarget. While it is gone, or another one of the same name, nothing downstream may be changed.
import { createObjectInformer } from '../../api-client/cache/create-informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import type { Log } from '../../api-client/log.ts'
import { type SyncTargetIdentity, syncTargetsGvr } from '../identity.ts'
import type { SyncTarget } from './sync-target.ts'

export interface FollowedSyncTarget {
  /** Undefined while it is not ours. */
  current(): SyncTarget | undefined
  onChange(listener: () => void): void
  run(signal: AbortSignal): Promise<void>
}

export interface FollowOptions {
  readonly client: Client
  readonly identity: SyncTargetIdentity
  readonly first: SyncTarget
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

export function followSyncTarget(options: FollowOptions): FollowedSyncTarget {
  const { client, identity, clock, random, log } = options
  const listeners: (() => void)[] = []
  let current: SyncTarget | undefined = options.first
  const informer = createObjectInformer({
    client,
    clock,
    random,
    log,
    gvr: syncTargetsGvr,
    selectors: { fieldSelector: `metadata.name=${identity.name}` },
  })
  informer.onChange((key, after) => {
    if (key.name !== identity.name) return
    const own = after?.metadata.uid === identity.uid ? (after as SyncTarget) : undefined
    if (current && !own) {
      const problem = after
        ? `unexpected SyncTarget UID ${after.metadata.uid}, expected ${identity.uid}`
        : 'the SyncTarget is gone'
      log.error({ 'syncTarget.name': identity.name, error: problem }, 'refusing to sync')
    }
    current = own
    for (const listener of listeners) listener()
  })
  return {
    current: () => current,
    onChange: listener => void listeners.push(listener),
    run: signal => informer.run(signal),
  }
}
