// Starts every controller of compute: SyncTargets, their APIs, Locations, Placements, and what they mean for namespaces
// and the objects in them. Leaves out: the virtual workspaces syncers talk to (kcp/virtual).
import type { Catalog } from '../registry/resource.ts'
import { startApiExportCreateController } from './api-export-create/controller.ts'
import { compare } from './api-negotiation/compare.ts'
import { startApiNegotiationController } from './api-negotiation/controller.ts'
import type { ResolveCluster } from './export-lookup.ts'
import { startHeartbeatController } from './heartbeat/controller.ts'
import { startLocationController } from './location/controller.ts'
import type { Loop, LoopDeps } from './loop.ts'
import { startNamespaceScheduler } from './namespace-scheduler/controller.ts'
import { startPlacementController } from './placement/controller.ts'
import { startResourceScheduler } from './resource-scheduler/controller.ts'
import type { PlanSoleOwner } from './resource-scheduler/perform.ts'
import { createSchedulingInformers, type SharedFacts } from './scheduling-informers.ts'
import { startSyncTargetController } from './sync-target/controller.ts'
import { startSyncTargetExportController } from './sync-target-export/controller.ts'
import { startWorkloadApiExportController } from './workload-api-export/controller.ts'

export interface SchedulingOptions extends LoopDeps {
  readonly now: () => Date
  readonly heartbeatThresholdMs?: number
  readonly resolve: ResolveCluster
  readonly catalog: Pick<Catalog, 'apisOf' | 'onChange'>
  /** Of the syncer virtual workspace, which knows how reports are kept. */
  readonly planSoleOwner: PlanSoleOwner
  readonly virtualWorkspaceBases: () => readonly string[]
  /** Identity hashes of the root exports by name. */
  readonly identities: Readonly<Record<string, string>>
  readonly shared: SharedFacts
}

export interface Scheduling {
  readonly loops: readonly Loop[]
  /** Everything these controllers look at has been listed once. */
  readonly synced: Promise<unknown>
}

/** What it resolves from must have been followed once before: paths that lead nowhere would unschedule what runs. */
export function startScheduling(options: SchedulingOptions): Scheduling {
  const scheduling = createSchedulingInformers(options, options)
  const known = Promise.withResolvers<unknown>()
  const deps = { ...options, compare, scheduling, known: known.promise }
  const loops = [
    startSyncTargetController(deps),
    startHeartbeatController(deps),
    startSyncTargetExportController(deps),
    startApiExportCreateController(deps),
    startWorkloadApiExportController(deps),
    startApiNegotiationController(deps),
    startLocationController(deps),
    startPlacementController(deps),
    startNamespaceScheduler(deps),
    startResourceScheduler(deps),
  ]
  options.informers.start(options.signal)
  void scheduling.run(options.signal)
  known.resolve(Promise.all([scheduling.synced, options.informers.synced(), options.shared.computeBindings.synced]))
  return { loops, synced: known.promise }
}
