// Service → Endpoints and an EndpointSlice of the same name. They go with the Service.
import { formatKey, type GroupVersionResource, type KubeObject } from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import { type Loop, type LoopDeps, startLoop } from '../../../kcp/controllers/loop.ts'
import { byNamespace, type ClusterCache } from '../../cluster-cache.ts'
import { endpointSlices, endpoints, type Pod, type Service } from '../../workloads.ts'
import { decide } from './decide.ts'
import { decideSlice } from './slice.ts'

export function startEndpointsController(deps: LoopDeps, cache: ClusterCache): Loop {
  const loop = startLoop(deps, { name: 'endpoints', reconcile })
  cache.services.onChange(key => loop.add(formatKey(key)))
  cache.pods.onChange((key, after, before) => {
    for (const service of cache.services.byIndex(byNamespace, key.namespace)) {
      if ([after, before].some(pod => pod && selects(service, pod)))
        loop.add(formatKey({ ...key, name: service.metadata.name }))
    }
  })
  return loop

  async function reconcile(key: string): Promise<void> {
    const service = cache.services.get(key)
    const existing = cache.endpoints.get(key)
    if (!service) {
      if (existing) await remove(existing.metadata.name, existing.metadata.namespace ?? '')
      return
    }
    const selected = cache.pods
      .byIndex(byNamespace, service.metadata.namespace ?? '')
      .filter(pod => selects(service, pod))
    const wanted = decide(service, selected, existing)
    if (wanted) await write(endpoints, wanted, existing)
    const slice = cache.endpointSlices.get(key)
    const current = wanted ?? existing
    const wantedSlice = current && service.spec.selector && decideSlice(service, current, slice)
    if (wantedSlice) await write(endpointSlices, wantedSlice, slice)
  }

  async function write(gvr: GroupVersionResource, wanted: KubeObject, existing: KubeObject | undefined): Promise<void> {
    if (existing) await deps.client.update(gvr, wanted)
    else await deps.client.create(gvr, wanted)
  }

  async function remove(name: string, namespace: string): Promise<void> {
    try {
      await deps.client.delete(endpoints, { name, namespace })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function selects(service: Service, pod: Pod): boolean {
  const selector = service.spec.selector
  return (
    selector !== undefined && Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value)
  )
}
