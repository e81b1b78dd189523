// Watches end when their type is no longer served where they watch, or has become another, so that clients discover and
// list again.
import { equalJson } from '../../api/json.ts'
import type { Catalog, ResourceType } from '../registry/resource.ts'

export interface WatchedType {
  readonly type: ResourceType
  readonly cluster: string
  readonly identity: string
  readonly metadataOnly: boolean
}

export interface ActiveWatches {
  /** Calls `end` when the type is no longer served; the answer is to be called when the watch has ended. */
  onVanished(watched: WatchedType, end: () => void): () => void
  /** The signal fires when the client is gone, or the type is. */
  add(watched: WatchedType, client: AbortSignal): AbortController
}

type Ends = Map<() => void, WatchedType>

export function createActiveWatches(catalog: Catalog): ActiveWatches {
  const byCluster = new Map<string, Ends>()

  catalog.onChange(cluster => {
    const changed = cluster === '*' ? [...byCluster.keys()] : [cluster, '*']
    for (const each of changed) endVanished(catalog, each, byCluster.get(each))
  })

  function onVanished(watched: WatchedType, end: () => void): () => void {
    const { cluster } = watched
    const watches: Ends = byCluster.get(cluster) ?? new Map()
    byCluster.set(cluster, watches)
    watches.set(end, watched)
    return () => {
      watches.delete(end)
      if (watches.size === 0 && byCluster.get(cluster) === watches) byCluster.delete(cluster)
    }
  }

  return {
    onVanished,
    add(watched, client) {
      const end = new AbortController()
      const stop = () => end.abort()
      const forget = onVanished(watched, stop)
      client.addEventListener('abort', stop)
      end.signal.addEventListener('abort', () => {
        client.removeEventListener('abort', stop)
        forget()
      })
      if (client.aborted) stop()
      return end
    },
  }
}

function endVanished(catalog: Catalog, cluster: string, watches: Ends | undefined): void {
  if (!watches) return
  for (const [end, watched] of [...watches]) if (!isServed(catalog, cluster, watched)) end()
}

function isServed(catalog: Catalog, cluster: string, { type, identity, metadataOnly }: WatchedType): boolean {
  // These are served in every cluster, always: most watches, looked at whenever any workspace binds something.
  if (type.origin === 'native' || type.origin === 'system') return true
  const { group, version, resource, keyPrefix } = type
  if (cluster !== '*') {
    const found = catalog.apisOf(cluster).find(group, version, resource)
    return found?.keyPrefix === keyPrefix && isSameDefinition(found, type)
  }
  return catalog.findAcross(group, version, resource, identity, metadataOnly).some(each => each.keyPrefix === keyPrefix)
}

/** Types of one definition are made from one object, unless it was read again. */
function isSameDefinition({ definition: found }: ResourceType, { definition: watched }: ResourceType): boolean {
  return found === watched || (found !== undefined && watched !== undefined && equalJson(found, watched))
}
