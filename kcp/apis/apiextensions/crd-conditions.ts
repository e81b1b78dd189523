// Conditions of a CRD stay in the order they came in; the time moves with the status only. Pure.
import type { ConditionState } from '../../../api/conditions.ts'
import type { Condition } from '../../../api/objects.ts'
import { formatTime } from '../../../api/time.ts'

export function setCrdCondition(conditions: readonly Condition[], state: ConditionState, now: Date): Condition[] {
  const existing = conditions.find(({ type }) => type === state.type)
  const isSame = existing?.status === state.status
  const lastTransitionTime = isSame ? existing.lastTransitionTime : formatTime(now)
  const { type, status, ...because } = state
  const condition: Condition = { type, status, lastTransitionTime, ...because }
  if (existing === undefined) return [...conditions, condition]
  return conditions.map(each => (each === existing ? condition : each))
}
