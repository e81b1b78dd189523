// Conditions as all kcp types keep them: one per type, `Ready` first, the rest by type.
// Everything is pure; a list that needs no change is returned as it is, so `===` tells whether to write.
import type { Condition } from './objects.ts'
import { formatTime } from './time.ts'

/** What a controller says; the time is added when it is set. */
export type ConditionState = Omit<Condition, 'lastTransitionTime'>

export const readyType = 'Ready'

export function trueCondition(type: string): ConditionState {
  return { type, status: 'True' }
}

export function falseCondition(
  type: string,
  because: { reason: string; severity: NonNullable<Condition['severity']>; message: string },
): ConditionState {
  const { reason, severity, message } = because
  return { type, status: 'False', severity, reason, ...(message === '' ? {} : { message }) }
}

export function unknownCondition(type: string, reason: string, message: string): ConditionState {
  return { type, status: 'Unknown', reason, ...(message === '' ? {} : { message }) }
}

export function getCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find(condition => condition.type === type)
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return getCondition(conditions, type)?.status === 'True'
}

/** Adds or replaces; lastTransitionTime moves only when status, reason, severity or message change. */
export function setCondition(conditions: Condition[] | undefined, state: ConditionState, now: Date): Condition[] {
  const list = conditions ?? []
  const existing = getCondition(list, state.type)
  if (existing !== undefined && hasState(existing, state)) return list
  const condition: Condition = { ...state, lastTransitionTime: formatTime(now) }
  const others = list.filter(({ type }) => type !== state.type)
  return [...others, condition].sort(byType)
}

export function removeCondition(conditions: Condition[] | undefined, type: string): Condition[] {
  const list = conditions ?? []
  return list.some(condition => condition.type === type) ? list.filter(condition => condition.type !== type) : list
}

/** Sets `Ready` from the given types that exist (from all others when none are given); nothing when none exists. */
export function setSummary(
  conditions: Condition[] | undefined,
  options: { types?: readonly string[]; now: Date },
): Condition[] {
  const summary = summarize(conditions, options.types)
  return summary === undefined ? (conditions ?? []) : setCondition(conditions, summary, options.now)
}

/** The worst of the conditions under the name `Ready`; among equally bad ones the first type given counts. */
export function summarize(
  conditions: readonly Condition[] | undefined,
  types?: readonly string[],
): ConditionState | undefined {
  const names = types ?? conditions?.map(({ type }) => type).filter(type => type !== readyType) ?? []
  const found = names.map(type => getCondition(conditions, type)).filter(condition => condition !== undefined)
  const worst = found.reduce<Condition | undefined>(
    (best, condition) => (best === undefined || rank(condition) < rank(best) ? condition : best),
    undefined,
  )
  if (worst === undefined) return undefined
  if (worst.status === 'True') return trueCondition(readyType)
  const { lastTransitionTime: _, ...state } = worst
  return { ...state, type: readyType }
}

const severities = ['Error', 'Warning', 'Info']

// False by severity, then True, then Unknown: as cluster-api ranks them, so an unknown part does not hide a ready whole.
function rank({ status, severity }: Condition): number {
  if (status === 'False') return Math.max(0, severities.indexOf(severity ?? 'Error'))
  return status === 'True' ? 3 : 4
}

function hasState(a: ConditionState, b: ConditionState): boolean {
  return (
    a.status === b.status &&
    (a.reason ?? '') === (b.reason ?? '') &&
    (a.severity ?? '') === (b.severity ?? '') &&
    (a.message ?? '') === (b.message ?? '')
  )
}

function byType(a: Condition, b: Condition): number {
  if (a.type === readyType || b.type === readyType) return a.type === b.type ? 0 : a.type === readyType ? -1 : 1
  return a.type < b.type ? -1 : a.type > b.type ? 1 : 0
}
