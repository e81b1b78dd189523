// What a Placement says next: its Location, its SyncTarget, and whether a namespace uses it.
import { setCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import { placementSyncTargetAnnotation } from '../../../api/names/kcp-keys.ts'
import type { LocationChoice } from './choose-location.ts'
import type { TargetChoice } from './choose-target.ts'
import type { Placement, PlacementStatus } from './placement.ts'

export interface Decision {
  /** Merge patches: null removes. */
  readonly metadata?: { annotations: Record<string, string | null> }
  readonly status?: Record<string, unknown>
}

export interface Observed {
  readonly placement: Placement
  readonly location: LocationChoice
  readonly target: TargetChoice
  /** A placed namespace matches the selector. */
  readonly isUsed: boolean
  readonly now: Date
}

export function decide({ placement, location, target, isUsed, now }: Observed): Decision {
  const current = placement.metadata.annotations?.[placementSyncTargetAnnotation] ?? ''
  const annotations = { [placementSyncTargetAnnotation]: target.target === '' ? null : target.target }
  const old = placement.status ?? {}
  const { selectedLocation } = location
  const conditions = setCondition(setCondition(old.conditions, location.ready, now), target.scheduled, now)
  const phase = selectedLocation === undefined ? 'Pending' : isUsed ? 'Bound' : 'Unbound'
  const status: PlacementStatus = { phase, conditions, ...(selectedLocation ? { selectedLocation } : {}) }
  const isSame = equalJson(status, { ...old, phase: old.phase ?? 'Pending' })
  return {
    ...(target.target === current ? {} : { metadata: { annotations } }),
    ...(isSame ? {} : { status: { ...status, selectedLocation: selectedLocation ?? null } }),
  }
}
