// Waits until an object is as wanted: one list, then the watch.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { isGone } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'

export interface Wait<T> {
  readonly client: Client
  readonly gvr: GroupVersionResource
  /** Names that must pass; the answer has their objects in the same order. */
  readonly names: readonly string[]
  readonly passes: (object: T) => boolean
  readonly signal: AbortSignal
}

export async function waitFor<T extends KubeObject>(wait: Wait<T>): Promise<T[]> {
  for (;;) {
    try {
      return await waitOnce(wait)
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
}

async function waitOnce<T extends KubeObject>({ client, gvr, names, passes, signal }: Wait<T>): Promise<T[]> {
  const found = new Map<string, T>()
  const see = (object: T) => {
    if (passes(object)) found.set(object.metadata.name, object)
  }
  const isDone = () => names.every(name => found.has(name))
  const list = await client.list<T>(gvr, { signal })
  for (const item of list.items) see(item)
  if (!isDone()) {
    const done = new AbortController()
    const resourceVersion = list.metadata.resourceVersion
    const events = client.watch<T>(gvr, { resourceVersion, signal: AbortSignal.any([signal, done.signal]) })
    for await (const event of events) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') see(event.object)
      if (isDone()) break
    }
    done.abort()
  }
  signal.throwIfAborted()
  if (!isDone()) return waitOnce({ client, gvr, names, passes, signal })
  return names.flatMap(name => found.get(name) ?? [])
}
