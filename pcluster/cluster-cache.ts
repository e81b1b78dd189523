// What the simulated controllers know of the cluster: one informer per kind, indexed by what they ask for.
import { formatKey, type GroupVersionResource, type KubeObject, keyOf } from '../api/objects.ts'
import { createInformer } from '../api-client/cache/create-informer.ts'
import type { Informer } from '../api-client/cache/informer.ts'
import type { Client } from '../api-client/client.ts'
import type { Log } from '../api-client/log.ts'
import {
  controllerOf,
  type Deployment,
  deployments,
  endpointSlices,
  endpoints,
  nodes,
  type Pod,
  pods,
  type ReplicaSet,
  replicaSets,
  type Service,
  services,
} from './workloads.ts'

export const byOwner = 'owner'
export const byNamespace = 'namespace'
export const byNode = 'node'

export interface ClusterCache {
  readonly deployments: Informer<Deployment>
  readonly replicaSets: Informer<ReplicaSet>
  readonly pods: Informer<Pod>
  readonly services: Informer<Service>
  readonly endpoints: Informer<KubeObject>
  readonly endpointSlices: Informer<KubeObject>
  readonly nodes: Informer<KubeObject>
  /** Ends with the signal. Add listeners before. */
  run(signal: AbortSignal): Promise<void>
  synced(): Promise<void>
}

export function createClusterCache(client: Client, log: Log): ClusterCache {
  const informer = <T extends KubeObject>(gvr: GroupVersionResource) =>
    createInformer<T>({
      client,
      gvr,
      log,
      project: object => object as T,
      indexes: {
        [byOwner]: object => [controllerOf(object)?.uid ?? ''],
        [byNamespace]: object => [object.metadata.namespace ?? ''],
        [byNode]: object => [(object.spec as { nodeName?: string } | undefined)?.nodeName ?? ''],
      },
    })
  const all = {
    deployments: informer<Deployment>(deployments),
    replicaSets: informer<ReplicaSet>(replicaSets),
    pods: informer<Pod>(pods),
    services: informer<Service>(services),
    endpoints: informer<KubeObject>(endpoints),
    endpointSlices: informer<KubeObject>(endpointSlices),
    nodes: informer<KubeObject>(nodes),
  }
  const informers = Object.values(all)
  return {
    ...all,
    async run(signal) {
      await Promise.all(informers.map(i => i.run(signal)))
    },
    async synced() {
      await Promise.all(informers.map(i => i.synced))
    },
  }
}

/** Key text of an object's controller, which lies in the same namespace. */
export function controllerKey(object: KubeObject, kind: string): string | undefined {
  const owner = controllerOf(object)
  if (owner?.kind !== kind) return undefined
  return formatKey({ ...keyOf(object), name: owner.name })
}
