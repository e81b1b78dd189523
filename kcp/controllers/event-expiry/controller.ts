// Events live for an hour. Due times of all logical clusters are in one list, with one timer while there are Events.
// Works on any server.
import { formatKey, type KubeObject, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { clientFor, getOrUndefined, type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { events } from '../resources.ts'

export interface EventExpiryDeps extends LoopDeps {
  readonly lifetimeMs: number
}

export const eventLifetimeMs = 3_600_000
const sweepIntervalMs = 60_000

export function startEventExpiryController(deps: EventExpiryDeps): Loop {
  const { client, clock, lifetimeMs, signal } = deps
  const dueMs = new Map<string, number>()
  const loop = startLoop(deps, {
    name: 'event-expiry',
    workers: 1,
    reconcile: async text => {
      const key = parseKey(text)
      const event = await getOrUndefined(client, events, key)
      if (event === undefined) return
      const expiresMs = lastSeenMs(event) + lifetimeMs
      if (expiresMs > clock.now()) {
        dueMs.set(text, expiresMs)
        return sweepLater()
      }
      const { uid = '', resourceVersion = '', name, namespace = '' } = event.metadata
      try {
        await clientFor(client, key.cluster).delete(events, { name, namespace }, { uid, resourceVersion })
      } catch (error) {
        if (isConflict(error)) loop.add(text)
        else if (!isNotFound(error)) throw error
      }
    },
  })
  let isPlanned = false
  const sweepLater = () => {
    if (isPlanned || dueMs.size === 0 || signal.aborted) return
    isPlanned = true
    const timer = clock.after(sweepIntervalMs, () => {
      signal.removeEventListener('abort', timer.cancel)
      isPlanned = false
      for (const [key, due] of dueMs) {
        if (due > clock.now()) continue
        dueMs.delete(key)
        loop.add(key)
      }
      sweepLater()
    })
    signal.addEventListener('abort', timer.cancel, { once: true })
  }
  deps.informers.keysOf(events).onChange((key, after, before, object) => {
    // A repeated Event is looked at when it is due.
    if (after === undefined) dueMs.delete(formatKey(key))
    else if (before === undefined) dueMs.set(formatKey(key), (object ? lastSeenMs(object) : clock.now()) + lifetimeMs)
    sweepLater()
  })
  return loop
}

/** Writing an Event again starts its hour anew. */
function lastSeenMs(event: KubeObject): number {
  const { lastTimestamp, eventTime, metadata } = event as KubeObject & { lastTimestamp?: string; eventTime?: string }
  const times = [lastTimestamp, eventTime, metadata.creationTimestamp].map(time => Date.parse(time ?? ''))
  return Math.max(...times.filter(time => !Number.isNaN(time)), 0)
}
