// Wakes whoever waits for objects to go, by watching just those resources until one object has gone.
import { errorText, type Log } from '../../../api-client/log.ts'
import type { Remains, Scope } from './delete-content.ts'

export interface RemainsWatcher {
  /** Replaces what was watched for this key. `changed` is called once, when something went or watching failed. */
  watch(key: string, scope: Scope, remains: readonly Remains[]): void
  stop(key: string): void
}

const watchedResourcesMax = 5

export function createRemainsWatcher(deps: {
  changed: (key: string) => void
  log: Log
  signal: AbortSignal
}): RemainsWatcher {
  const { changed, log, signal } = deps
  const watches = new Map<string, AbortController>()
  const stop = (key: string) => {
    watches.get(key)?.abort()
    watches.delete(key)
  }
  return {
    stop,
    watch(key, scope, remains) {
      stop(key)
      const end = new AbortController()
      watches.set(key, end)
      const ended = AbortSignal.any([signal, end.signal])
      const done = () => {
        if (ended.aborted) return
        stop(key)
        changed(key)
      }
      for (const remaining of remains.slice(0, watchedResourcesMax)) {
        untilOneGoes(scope, remaining, ended).then(done, error => {
          if (ended.aborted) return
          log.debug({ key, error: errorText(error) }, 'watch of remaining objects ended')
          done()
        })
      }
    },
  }
}

async function untilOneGoes({ client, namespace }: Scope, remains: Remains, signal: AbortSignal): Promise<void> {
  const { gvr, resourceVersion } = remains
  const options = { metadataOnly: true, resourceVersion, signal, ...(namespace ? { namespace } : {}) }
  for await (const event of client.watch(gvr, options)) {
    if (event.type === 'DELETED') return
  }
}
