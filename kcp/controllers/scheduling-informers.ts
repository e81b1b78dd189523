// What scheduling keeps in memory of all logical clusters: a few facts of each object that takes part, nothing of the rest.
import type { GroupVersionResource } from '../../api/objects.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Informer, Projection } from '../../api-client/cache/informer.ts'
import { type ImportFacts, importProjection } from './api-negotiation/api-resource-import.ts'
import { type LocationFacts, locationProjection } from './location/location.ts'
import type { LoopDeps } from './loop.ts'
import { type NamespaceFacts, namespaceProjection } from './namespace-scheduler/namespace.ts'
import { type ComputeBindingFacts, computeBindingProjection } from './placement/compute-binding.ts'
import { type PlacementFacts, placementProjection } from './placement/placement.ts'
import {
  apiBindings,
  apiResourceImports,
  locations,
  namespaces,
  negotiatedApiResources,
  placements,
  syncTargets,
  withIdentity,
} from './resources.ts'
import { type SyncTargetFacts, syncTargetProjection } from './sync-target/sync-target.ts'

export interface SchedulingInformers {
  readonly syncTargets: Informer<SyncTargetFacts>
  readonly locations: Informer<LocationFacts>
  readonly placements: Informer<PlacementFacts>
  /** Only those that are scheduled, were, or are marked to be. */
  readonly namespaces: Informer<NamespaceFacts>
  /** Only those of exports that are for compute. */
  readonly computeBindings: Informer<ComputeBindingFacts>
  readonly imports: Informer<ImportFacts>
  readonly negotiated: Informer<true>
  /** All have been listed once. Deciding before would take for absent what is only unknown. */
  readonly synced: Promise<unknown>
  /** Resolves when all have ended. */
  run(signal: AbortSignal): Promise<unknown>
}

/** `identities`: hashes of the root exports by name. */
export function createSchedulingInformers(
  deps: Pick<LoopDeps, 'client' | 'log' | 'clock' | 'random'>,
  identities: Readonly<Record<string, string>>,
): SchedulingInformers {
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
    syncTargets: follow(withIdentity(syncTargets, workload), syncTargetProjection),
    locations: follow(withIdentity(locations, scheduling), locationProjection),
    placements: follow(withIdentity(placements, scheduling), placementProjection),
    namespaces: follow(namespaces, namespaceProjection),
    computeBindings: follow(apiBindings, computeBindingProjection),
    imports: follow(withIdentity(apiResourceImports, apiResource), importProjection),
    negotiated: follow<true>(withIdentity(negotiatedApiResources, apiResource), { project: () => true }),
  }
  return {
    ...informers,
    synced: Promise.all(all.map(informer => informer.synced)),
    run: signal => Promise.all(all.map(informer => informer.run(signal))),
  }
}
