// Where the objects of a namespace go: its placements' SyncTargets as state labels. A target that is left keeps its
// label for a grace period, so that what was released is not taken again by a flapping placement.
import { equalJson } from '../../../api/json.ts'
import { deletionAnnotation, placementAnnotation, stateLabel } from '../../../api/names/kcp-keys.ts'
import type { Condition } from '../../../api/objects.ts'
import { formatTime, parseTime } from '../../../api/time.ts'
import { type PlacementFacts, places } from '../placement/placement.ts'
import { deletionsOf, type Namespace, statesOf } from './namespace.ts'

export const removalGraceMs = 5000

export interface Observed {
  readonly namespace: Namespace
  /** Of its logical cluster. */
  readonly placements: readonly PlacementFacts[]
  readonly now: Date
}

export interface Decision {
  /** Merge patches: null removes. */
  readonly metadata?: {
    labels: Record<string, string | null>
    annotations: Record<string, string | null>
  }
  readonly status?: { conditions: Condition[] }
  /** When a grace period ends. */
  readonly requeueAfterMs?: number
}

export function decide({ namespace, placements, now }: Observed): Decision {
  const { metadata } = namespace
  if (metadata.deletionTimestamp) return {}
  const effective = placements.filter(placement => places(placement, metadata.labels))
  const scheduled = new Set(effective.map(({ target }) => target).filter(target => target !== ''))
  const isPlaced = effective.length > 0
  const changes = stateChanges(namespace, scheduled, now)
  const annotations = { ...changes.annotations, ...placementChange(namespace, isPlaced) }
  const hasChanges = Object.keys(annotations).length > 0 || Object.keys(changes.labels).length > 0
  const conditions = setScheduled(namespace.status?.conditions, { isPlaced, isScheduled: changes.isScheduled, now })
  return {
    ...(hasChanges ? { metadata: { labels: changes.labels, annotations } } : {}),
    ...(conditions === undefined || conditions === namespace.status?.conditions ? {} : { status: { conditions } }),
    ...(changes.requeueAfterMs === undefined ? {} : { requeueAfterMs: changes.requeueAfterMs }),
  }
}

function placementChange({ metadata }: Namespace, isPlaced: boolean): Record<string, string | null> {
  const wasPlaced = metadata.annotations?.[placementAnnotation] !== undefined
  if (isPlaced === wasPlaced) return {}
  return { [placementAnnotation]: isPlaced ? '' : null }
}

interface StateChanges {
  readonly labels: Record<string, string | null>
  readonly annotations: Record<string, string | null>
  /** A target is in state Sync afterwards, and not being left. */
  readonly isScheduled: boolean
  readonly requeueAfterMs: number | undefined
}

function stateChanges({ metadata }: Namespace, scheduled: ReadonlySet<string>, now: Date): StateChanges {
  const labels: Record<string, string | null> = {}
  const annotations: Record<string, string | null> = {}
  const deletions = deletionsOf(metadata)
  const states = statesOf(metadata)
  let requeueAfterMs: number | undefined
  const leave = (key: string): boolean => {
    const endMs = (parseTime(deletions.get(key) ?? '')?.getTime() ?? 0) + removalGraceMs
    if (endMs > now.getTime()) {
      requeueAfterMs = Math.min(requeueAfterMs ?? Number.POSITIVE_INFINITY, endMs - now.getTime())
      return false
    }
    annotations[deletionAnnotation(key)] = null
    return true
  }
  for (const key of states.keys()) {
    if (deletions.has(key)) {
      if (leave(key) && !scheduled.has(key)) labels[stateLabel(key)] = null
    } else if (!scheduled.has(key)) {
      annotations[deletionAnnotation(key)] = formatTime(now)
      requeueAfterMs = removalGraceMs
    }
  }
  for (const key of deletions.keys()) if (!states.has(key)) annotations[deletionAnnotation(key)] = null
  for (const key of scheduled) if (!states.has(key)) labels[stateLabel(key)] = 'Sync'
  const isScheduled = [...scheduled].some(key => !deletions.has(key) || annotations[deletionAnnotation(key)] === null)
  return { labels, annotations, isScheduled, requeueAfterMs }
}

const scheduledType = 'NamespaceScheduled'

/** Conditions of native kinds have no severity. The list is returned as it is when nothing changes. */
function setScheduled(
  conditions: Condition[] | undefined,
  { isPlaced, isScheduled, now }: { isPlaced: boolean; isScheduled: boolean; now: Date },
): Condition[] | undefined {
  const message = isPlaced ? 'No available sync targets' : 'No available placements'
  const state: Omit<Condition, 'lastTransitionTime'> =
    isPlaced && isScheduled
      ? { type: scheduledType, status: 'True' }
      : { type: scheduledType, status: 'False', reason: 'Unschedulable', message }
  const existing = conditions?.find(({ type }) => type === scheduledType)
  if (existing) {
    const { lastTransitionTime: _, ...old } = existing
    if (equalJson(old, state)) return conditions
  }
  const others = (conditions ?? []).filter(({ type }) => type !== scheduledType)
  return [...others, { ...state, lastTransitionTime: formatTime(now) }]
}
