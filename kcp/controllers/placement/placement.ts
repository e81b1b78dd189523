// Shape of Placements, and the facts of each that scheduling keeps.
import { getCondition, readyType } from '../../../api/conditions.ts'
import { placementSyncTargetAnnotation } from '../../../api/names/kcp-keys.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'
import { type LabelSelector, type LabelSelectorObject, matchesLabels } from '../../../api/selectors/label-selector.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { selectorOrNothing } from '../location/location.ts'
import { clusterOf } from '../loop.ts'

export interface PlacementStatus {
  phase?: 'Pending' | 'Unbound' | 'Bound'
  selectedLocation?: { path: string; locationName: string }
  conditions?: Condition[]
}

export interface Placement extends KubeObject {
  spec: {
    locationSelectors?: LabelSelectorObject[]
    locationResource: { group?: string; version: string; resource: string }
    namespaceSelector?: LabelSelectorObject
    /** Path; empty is the Placement's own logical cluster. */
    locationWorkspace?: string
  }
  status?: PlacementStatus
}

export interface PlacementFacts {
  readonly cluster: string
  readonly locationWorkspace: string
  readonly namespaceSelector: LabelSelector
  /** Not Pending, and not Ready=False: what it selects is placed. */
  readonly isEffective: boolean
  /** Key of the SyncTarget; '' while there is none. */
  readonly target: string
}

export function placementFacts(object: KubeObject): PlacementFacts {
  const { metadata, spec, status = {} } = object as Placement
  const isPending = (status.phase ?? 'Pending') === 'Pending'
  const isDeleting = metadata.deletionTimestamp !== undefined
  return {
    cluster: clusterOf(object),
    locationWorkspace: spec.locationWorkspace ?? '',
    namespaceSelector: selectorOrNothing(spec.namespaceSelector),
    isEffective: !isPending && !isDeleting && getCondition(status.conditions, readyType)?.status !== 'False',
    target: metadata.annotations?.[placementSyncTargetAnnotation] ?? '',
  }
}

/** Whether this placement says where objects of a namespace with these labels go. */
export function places(placement: PlacementFacts, labels: Readonly<Record<string, string>> | undefined): boolean {
  return placement.isEffective && matchesLabels(placement.namespaceSelector, labels)
}

export const placementProjection: Projection<PlacementFacts> = {
  project: placementFacts,
  indexes: { cluster: ({ cluster }) => [cluster] },
}
