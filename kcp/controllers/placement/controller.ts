// Schedules Placements to Locations and SyncTargets, and tells whether namespaces use them.
// Leaves out: what happens to the namespaces (namespace-scheduler/).
import { equalJson } from '../../../api/json.ts'
import { placementSyncTargetAnnotation } from '../../../api/names/kcp-keys.ts'
import { formatKey, parseKey } from '../../../api/objects.ts'
import { matchesLabels } from '../../../api/selectors/label-selector.ts'
import type { ReconcileResult } from '../../../api-client/controller/controller.ts'
import type { ResolveCluster } from '../export-lookup.ts'
import { getOrUndefined, type Loop, patchRead } from '../loop.ts'
import { placements } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { chooseLocation } from './choose-location.ts'
import { chooseTarget } from './choose-target.ts'
import { decide } from './decide.ts'
import { type Placement, placementFacts } from './placement.ts'

export interface PlacementDeps extends SchedulingDeps {
  readonly resolve: ResolveCluster
}

export function startPlacementController(deps: PlacementDeps): Loop {
  const { scheduling } = deps
  const loop = startSchedulingLoop(deps, { name: 'kcp-placement', reconcile: text => reconcile(deps, text) })
  const wakeUsersOf = (locationCluster: string) => {
    for (const [text, placement] of scheduling.placements.entries()) {
      if (locationClusterOf(deps, placement) === locationCluster) loop.add(text)
    }
  }
  const wakeAllOf = (cluster: string) => {
    for (const text of scheduling.placements.keysByIndex('cluster', cluster)) loop.add(text)
  }
  scheduling.placements.onChange((key, after) => {
    if (after !== undefined) loop.add(formatKey(key))
  })
  scheduling.locations.onChange((key, after, before) => {
    if (!equalJson(after, before)) wakeUsersOf(key.cluster)
  })
  scheduling.syncTargets.onChange((key, after, before) => {
    if (!equalJson(after, before)) wakeUsersOf(key.cluster)
  })
  scheduling.computeBindings.onChange((key, after, before) => {
    if (!equalJson(after, before)) wakeAllOf(key.cluster)
  })
  scheduling.namespaces.onChange((key, after, before) => {
    const isSame = after?.isPlaced === before?.isPlaced && equalJson(after?.labels, before?.labels)
    if (!isSame) wakeAllOf(key.cluster)
  })
  return loop
}

function locationClusterOf(deps: PlacementDeps, placement: { locationWorkspace: string; cluster: string }) {
  const { locationWorkspace, cluster } = placement
  return locationWorkspace === '' ? cluster : deps.resolve(locationWorkspace)
}

async function reconcile(deps: PlacementDeps, text: string): Promise<ReconcileResult | undefined> {
  const { client, scheduling } = deps
  const placement = await getOrUndefined<Placement>(client, placements, parseKey(text))
  if (placement === undefined || placement.metadata.deletionTimestamp) return undefined
  const facts = placementFacts(placement)
  const now = deps.now()
  const locationCluster = locationClusterOf(deps, facts)
  const location = chooseLocation({
    placement,
    locationCluster,
    locations: locationCluster === undefined ? [] : scheduling.locations.byIndex('cluster', locationCluster),
    random: deps.random(),
  })
  const target = chooseTarget({
    location: location.selected,
    syncTargets: scheduling.syncTargets.byIndex('cluster', location.selected?.cluster ?? ''),
    bindings: scheduling.computeBindings.byIndex('cluster', facts.cluster),
    current: placement.metadata.annotations?.[placementSyncTargetAnnotation] ?? '',
    now,
    random: deps.random(),
  })
  const isUsed = scheduling.namespaces
    .byIndex('cluster', facts.cluster)
    .some(({ isPlaced, labels }) => isPlaced && matchesLabels(facts.namespaceSelector, labels))
  const { metadata, status } = decide({ placement, location, target, isUsed, now })
  const latest = metadata ? await patchRead(client, placements, { object: placement, body: { metadata } }) : placement
  if (status) await patchRead(client, placements, { object: latest, body: { status }, subresource: 'status' })
  const { requeueAfterMs } = target
  return requeueAfterMs === undefined ? undefined : { requeueAfterMs: Math.min(requeueAfterMs, timerMsMax) }
}

/** Timers beyond 2^31 ms fire at once; looking again each day is early enough. */
const timerMsMax = 86_400_000
