// Waits until one object satisfies a condition, by watching it. Says what it waits for when that takes over two seconds.

import type { GroupVersionResource, KubeObject } from '../api/objects.ts'
import { isForbidden, isGone, isNotFound } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import { pause, systemClock } from '../api-client/clock.ts'

export interface WaitOptions {
  client: Client
  gvr: GroupVersionResource
  name: string
  namespace?: string
  timeoutMs: number
  signal: AbortSignal
  until(object: KubeObject): boolean
  /** Printed every two seconds while waiting; gets the object as last seen. */
  progress?: ((object: KubeObject | undefined) => void) | undefined
}

const progressMs = 2_000
const retryMs = 100

/** The object once `until` holds, else (timeout) undefined and the last state through `progress`. Throws on other errors. */
export async function waitFor(options: WaitOptions): Promise<{ object: KubeObject | undefined; done: boolean }> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = AbortSignal.any([options.signal, timeout])
  let last: KubeObject | undefined
  const ticker = options.progress ? setInterval(() => options.progress?.(last), progressMs) : undefined
  try {
    while (!signal.aborted) {
      for await (const object of states(options, signal)) {
        last = object ?? last
        if (object && options.until(object)) return { object, done: true }
      }
      await pause(systemClock, retryMs, signal)
    }
  } catch (error) {
    if (!timeout.aborted) throw error
  } finally {
    clearInterval(ticker)
  }
  options.signal.throwIfAborted()
  return { object: last, done: false }
}

async function* states(options: WaitOptions, signal: AbortSignal): AsyncIterable<KubeObject | undefined> {
  const { client, gvr, name, namespace } = options
  const scope = namespace === undefined ? {} : { namespace }
  try {
    const list = await client.list(gvr, { ...scope, fieldSelector: `metadata.name=${name}`, signal })
    for (const object of list.items) yield object
    const watch = client.watch(gvr, {
      ...scope,
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: list.metadata.resourceVersion,
      signal,
    })
    for await (const event of watch) if (event.type === 'ADDED' || event.type === 'MODIFIED') yield event.object
  } catch (error) {
    // Whoever may only read this one object, or whose API is not there yet, asks again instead of watching.
    if (isForbidden(error)) yield await client.get(gvr, { ...scope, name }, { signal })
    else if (!isNotFound(error) && !isGone(error)) throw error
  }
}
