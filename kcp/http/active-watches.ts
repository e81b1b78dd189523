// Watches end when their type is no longer served where they watch, so that clients discover and list again.
import type { ApiSet, Catalog, ResourceType } from '../registry/resource.ts'

export interface WatchedType {
  readonly type: ResourceType
  readonly cluster: string
  readonly identity: string
  readonly metadataOnly: boolean
}

export interface ActiveWatches {
  /** The signal fires when the client is gone, or the type is. */
  add(watched: WatchedType, client: AbortSignal): AbortController
}

export function createActiveWatches(catalog: Catalog): ActiveWatches {
  const byCluster = new Map<string, Map<AbortController, WatchedType>>()

  catalog.onChange(cluster => {
    const changed = cluster === '*' ? [...byCluster.keys()] : [cluster, '*']
    for (const each of changed) endVanished(catalog, each, byCluster.get(each))
  })

  return {
    add(watched, client) {
      const end = new AbortController()
      const watches = byCluster.get(watched.cluster) ?? new Map<AbortController, WatchedType>()
      byCluster.set(watched.cluster, watches)
      watches.set(end, watched)
      const stop = () => end.abort()
      client.addEventListener('abort', stop)
      if (client.aborted) stop()
      end.signal.addEventListener('abort', () => {
        client.removeEventListener('abort', stop)
        watches.delete(end)
        if (watches.size === 0 && byCluster.get(watched.cluster) === watches) byCluster.delete(watched.cluster)
      })
      return end
    },
  }
}

function endVanished(catalog: Catalog, cluster: string, watches: Map<AbortController, WatchedType> | undefined): void {
  if (!watches) return
  const apis = cluster === '*' ? undefined : catalog.apisOf(cluster)
  for (const [end, watched] of [...watches]) if (!isServed(catalog, apis, watched)) end.abort()
}

function isServed(catalog: Catalog, apis: ApiSet | undefined, { type, identity, metadataOnly }: WatchedType): boolean {
  // These are served in every cluster, always: most watches, looked at whenever any workspace binds something.
  if (type.origin === 'native' || type.origin === 'system') return true
  const { group, version, resource, keyPrefix } = type
  if (apis) return apis.find(group, version, resource)?.keyPrefix === keyPrefix
  return catalog.findAcross(group, version, resource, identity, metadataOnly).some(each => each.keyPrefix === keyPrefix)
}
