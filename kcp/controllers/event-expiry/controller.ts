// Events live for an hour. One queue of due times for all logical clusters; a timer runs only while there are Events.
// Works on any server.
import { formatKey, type KubeObject, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { clientFor, getOrUndefined, type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { events } from '../resources.ts'

export interface EventExpiryDeps extends LoopDeps {
  readonly lifetimeMs: number
}

export const eventLifetimeMs = 3_600_000

export function startEventExpiryController(deps: EventExpiryDeps): Loop {
  const { client, clock, lifetimeMs } = deps
  const loop = startLoop(deps, {
    name: 'event-expiry',
    workers: 1,
    reconcile: async text => {
      const key = parseKey(text)
      const event = await getOrUndefined(client, events, key)
      if (event === undefined) return undefined
      const leftMs = lastSeenMs(event) + lifetimeMs - clock.now()
      if (leftMs > 0) return { requeueAfterMs: leftMs }
      const { uid = '', resourceVersion = '', name, namespace = '' } = event.metadata
      try {
        await clientFor(client, key.cluster).delete(events, { name, namespace }, { uid, resourceVersion })
      } catch (error) {
        if (isConflict(error)) loop.add(text)
        else if (!isNotFound(error)) throw error
      }
      return undefined
    },
  })
  deps.informers.keysOf(events).onChange((key, after, before, object) => {
    // A repeated Event is looked at when it is due.
    if (after === undefined || before !== undefined) return
    const dueMs = (object ? lastSeenMs(object) : clock.now()) + lifetimeMs - clock.now()
    loop.addAfter(formatKey(key), dueMs)
  })
  return loop
}

/** Writing an Event again starts its hour anew. */
function lastSeenMs(event: KubeObject): number {
  const { lastTimestamp, eventTime, metadata } = event as KubeObject & { lastTimestamp?: string; eventTime?: string }
  const times = [lastTimestamp, eventTime, metadata.creationTimestamp].map(time => Date.parse(time ?? ''))
  return Math.max(...times.filter(time => !Number.isNaN(time)), 0)
}
