// What scheduling keeps in memory of all logical clusters: a few facts of each object that takes part, nothing of the rest.
import type { GroupVersionResource } from '../../api/objects.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { FedInformer, Informer, Projection } from '../../api-client/cache/informer.ts'
import { type ImportFacts, importProjection } from './api-negotiation/api-resource-import.ts'
import { type LocationFacts, locationProjection } from './location/location.ts'
import type { LoopDeps } from './loop.ts'
import { type NamespaceFacts, namespaceProjection } from './namespace-scheduler/namespace.ts'
import type { ComputeBindingFacts } from './placement/compute-binding.ts'
import { type PlacementFacts, placementProjection } from './placement/placement.ts'
import {
  apiResourceImports,
  locations,
  namespaces,
  negotiatedApiResources,
  placements,
  syncTargets,
  withIdentity,
} from './resources.ts'
import type { SharedInformers } from './shared-informers.ts'
import { type SyncTargetFacts, syncTargetProjection } from './sync-target/sync-target.ts'

/** Of resources that other controllers follow, too: shares their list when it is asked for before that starts. */
export interface SharedFacts {
  /** Only those that are scheduled, were, or are marked to be. */
  readonly namespaces: FedInformer<NamespaceFacts>
  /** Only those of exports that are for compute. */
  readonly computeBindings: FedInformer<ComputeBindingFacts>
}

export function followSharedFacts(
  informers: SharedInformers,
  computeBindings: FedInformer<ComputeBindingFacts>,
): SharedFacts {
  return { namespaces: informers.follow(namespaces, namespaceProjection), computeBindings }
}

export interface SchedulingInformers extends SharedFacts {
  readonly syncTargets: Informer<SyncTargetFacts>
  readonly locations: Informer<LocationFacts>
  readonly placements: Informer<PlacementFacts>
  readonly imports: Informer<ImportFacts>
  readonly negotiated: Informer<true>
  /** All but the shared ones have been listed once. */
  readonly synced: Promise<unknown>
  /** Follows all but the shared ones; resolves when they have ended. */
  run(signal: AbortSignal): Promise<unknown>
}

/** `identities`: hashes of the root exports by name. */
export function createSchedulingInformers(
  deps: Pick<LoopDeps, 'client' | 'log' | 'clock' | 'random'>,
  from: { identities: Readonly<Record<string, string>>; shared: SharedFacts },
): SchedulingInformers {
  const { identities, shared } = from
  const workload = identities['workload.kcp.io'] ?? ''
  const scheduling = identities['scheduling.kcp.io'] ?? ''
  const apiResource = identities['apiresource.kcp.io'] ?? ''
  const all: Pick<Informer<unknown>, 'run' | 'synced'>[] = []
  const follow = <T>(gvr: GroupVersionResource, projection: Projection<T>): Informer<T> => {
    const informer = createInformer<T>({ ...deps, client: deps.client.cluster('*'), gvr, ...projection })
    all.push(informer)
    return informer
  }
  const informers = {
    ...shared,
    syncTargets: follow(withIdentity(syncTargets, workload), syncTargetProjection),
    locations: follow(withIdentity(locations, scheduling), locationProjection),
    placements: follow(withIdentity(placements, scheduling), placementProjection),
    imports: follow(withIdentity(apiResourceImports, apiResource), importProjection),
    negotiated: follow<true>(withIdentity(negotiatedApiResources, apiResource), { project: () => true }),
  }
  return {
    ...informers,
    synced: Promise.all(all.map(informer => informer.synced)),
    run: signal => Promise.all(all.map(informer => informer.run(signal))),
  }
}
