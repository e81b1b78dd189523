// Which SyncTarget of the Location takes the objects of a Placement. A valid one is kept. One whose syncer is silent is
// kept until a valid one takes over: a syncer or server that was away must not delete what runs.
import { type ConditionState, falseCondition, trueCondition } from '../../../api/conditions.ts'
import { matchesLabels } from '../../../api/selectors/label-selector.ts'
import { parseTime } from '../../../api/time.ts'
import type { LocationFacts } from '../location/location.ts'
import type { SyncTargetFacts } from '../sync-target/sync-target.ts'
import { pick } from './choose-location.ts'
import type { ComputeBindingFacts } from './compute-binding.ts'

export const scheduledType = 'Scheduled'

export interface TargetsObserved {
  /** undefined: none is selected. */
  readonly location: LocationFacts | undefined
  /** All SyncTargets of the Location's logical cluster. */
  readonly syncTargets: readonly SyncTargetFacts[]
  /** Of the Placement's logical cluster. */
  readonly bindings: readonly ComputeBindingFacts[]
  /** Key of the present target; '' when there is none. */
  readonly current: string
  readonly now: Date
  /** In [0, 1). */
  readonly random: number
}

export interface TargetChoice {
  /** '' for none. */
  readonly target: string
  readonly scheduled: ConditionState
  /** When the target is to be evicted. */
  readonly requeueAfterMs?: number
}

export function chooseTarget(observed: TargetsObserved): TargetChoice {
  const { location, syncTargets, bindings, current, now, random } = observed
  if (location === undefined) return none('ScheduleLocationNotFound', 'No selected location is scheduled')
  const selected = syncTargets.filter(({ labels }) => matchesLabels(location.instances, labels))
  if (selected.length === 0) return none('NoValidTarget', 'No SyncTarget in the selected Location')
  const compatible = selected.filter(target => unsupported(target, bindings) === undefined)
  const open = compatible.filter(target => !target.unschedulable && !isEvicting(target, now))
  const valid = open.filter(({ isReady }) => isReady)
  const isCurrent = ({ key }: SyncTargetFacts) => key === current
  const chosen = valid.find(isCurrent) ?? pick(valid, ({ key }) => key, random) ?? open.find(isCurrent)
  if (chosen) return { target: chosen.key, scheduled: trueCondition(scheduledType), ...evictionOf(chosen, now) }
  if (compatible.length > 0) return none('NoValidTarget', 'No SyncTarget is ready or non evicting')
  const [first] = selected
  const binding = first && unsupported(first, bindings)
  return none('NoValidTarget', `SyncTarget ${first?.name} does not support APIBinding ${binding}`)
}

function none(reason: string, message: string): TargetChoice {
  return { target: '', scheduled: falseCondition(scheduledType, { reason, severity: 'Warning', message }) }
}

/** Name of a binding with a resource the target does not accept. */
function unsupported(target: SyncTargetFacts, bindings: readonly ComputeBindingFacts[]): string | undefined {
  const accepted = new Set(target.accepted)
  return bindings.find(({ resources }) => resources.some(resource => !accepted.has(resource)))?.name
}

function isEvicting({ evictAfter }: SyncTargetFacts, now: Date): boolean {
  const time = evictAfter === '' ? undefined : parseTime(evictAfter)
  return time !== undefined && time.getTime() <= now.getTime()
}

function evictionOf({ evictAfter }: SyncTargetFacts, now: Date): { requeueAfterMs?: number } {
  const time = evictAfter === '' ? undefined : parseTime(evictAfter)
  return time === undefined ? {} : { requeueAfterMs: time.getTime() - now.getTime() }
}
