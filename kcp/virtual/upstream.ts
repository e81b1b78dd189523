// The core server as virtual workspaces use it: every request with all privileges, for one addressed resource.
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import type { Catalog } from '../registry/resource.ts'
import { addressOf, type VirtualResource } from './api-domain.ts'

export interface Upstream {
  readonly client: Client
  /** Whether the core knows the resource in this logical cluster; before the first binding it knows it nowhere. */
  isServed(cluster: string, resource: VirtualResource): boolean
  /** Resolves when it is, or when the signal fires. */
  whenServed(cluster: string, resource: VirtualResource, signal: AbortSignal): Promise<void>
}

export function createUpstream(client: () => Client, catalog: Catalog): Upstream {
  const waiting = new Set<() => void>()
  let isDue = false
  catalog.onChange(() => {
    if (isDue || waiting.size === 0) return
    isDue = true
    setImmediate(() => {
      isDue = false
      for (const look of [...waiting]) look()
    })
  })
  const isServed: Upstream['isServed'] = (cluster, { group, version, resource, identityHash }) => {
    if (cluster === '*') return catalog.findAcross(group, version, resource, identityHash, false).length > 0
    return catalog.apisOf(cluster).find(group, version, resource)?.identityHash === identityHash
  }
  return {
    get client() {
      return client()
    },
    isServed,
    whenServed: (cluster, resource, signal) =>
      new Promise(resolve => {
        const look = () => {
          if (!signal.aborted && !isServed(cluster, resource)) return
          waiting.delete(look)
          signal.removeEventListener('abort', look)
          resolve()
        }
        waiting.add(look)
        signal.addEventListener('abort', look)
        look()
      }),
  }
}

/** The resource as the core is asked for it. */
export function coreResource(resource: VirtualResource) {
  return { group: resource.group, version: resource.version, resource: addressOf(resource) }
}

export interface Call {
  readonly upstream: Upstream
  readonly cluster: string
  readonly resource: VirtualResource
  readonly namespace: string
  readonly name: string
}

export function targetOf({ namespace, name }: Call) {
  return namespace === '' ? { name } : { namespace, name }
}

export function getStored(call: Call): Promise<KubeObject> {
  const { upstream, cluster, resource } = call
  return upstream.client.cluster(cluster).get(coreResource(resource), targetOf(call))
}
