// Shows every object of a resource in all logical clusters to a function, as it is now and after each change, and keeps
// nothing. For controllers that decide on what an event brings and would not use a cache.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { runReflector } from '../../api-client/cache/reflector.ts'
import type { LoopDeps } from './loop.ts'

export interface WatchObjects {
  readonly gvr: GroupVersionResource
  readonly metadataOnly?: boolean
  readonly signal: AbortSignal
  readonly visit: (object: KubeObject) => void
}

/** Ends with the signal. */
export function watchObjects(
  deps: Pick<LoopDeps, 'client' | 'clock' | 'random' | 'log'>,
  { gvr, metadataOnly = false, signal, visit }: WatchObjects,
): Promise<void> {
  const sink = {
    listStarted: () => undefined,
    upsert: visit,
    delete: () => undefined,
    listCompleted: () => undefined,
  }
  const options = { ...deps, client: deps.client.cluster('*'), gvr, selection: metadataOnly ? { metadataOnly } : {} }
  return runReflector(options, sink, signal)
}
