// Conditions of a CRD: whether its names are free, and so whether it is served. Pure.
import type { ConditionState } from '../../../api/conditions.ts'
import { setCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'

export interface CrdNames {
  plural: string
  singular?: string
  shortNames?: string[]
  kind: string
  listKind?: string
  categories?: string[]
}

export interface Crd extends KubeObject {
  spec: { group: string; names: CrdNames; versions: { name: string; served: boolean; storage: boolean }[] }
  status?: { acceptedNames?: CrdNames; conditions?: Condition[]; storedVersions?: string[] }
}

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

/** Names that others of the same group have. */
export interface NamesInUse {
  readonly resources: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

export interface CrdStatus {
  acceptedNames: CrdNames
  conditions: Condition[]
  storedVersions: string[]
}

/** undefined: nothing to write. */
export function decideStatus(crd: Crd, inUse: NamesInUse, now: Date): CrdStatus | undefined {
  const old = crd.status ?? {}
  const conflict = conflictOf(crd.spec.names, inUse)
  const established = old.conditions?.find(condition => condition.type === 'Established')?.status === 'True'
  const states: ConditionState[] = conflict
    ? [{ type: 'NamesAccepted', status: 'False', ...conflict }, ...(established ? [] : [notAccepted])]
    : [accepted, ...(established ? [] : [initialNames])]
  const conditions = states.reduce((list, state) => setCondition(list, state, now), old.conditions ?? [])
  const storage = crd.spec.versions.filter(version => version.storage).map(version => version.name)
  const status: CrdStatus = {
    acceptedNames: conflict ? (old.acceptedNames ?? { plural: '', kind: '' }) : crd.spec.names,
    conditions,
    storedVersions: [...new Set([...(old.storedVersions ?? []), ...storage])],
  }
  return equalJson(status, { ...old, conditions: old.conditions ?? [] }) ? undefined : status
}

const accepted: ConditionState = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
}
const initialNames: ConditionState = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
}
const notAccepted: ConditionState = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
}

function conflictOf(
  names: CrdNames,
  { resources, kinds }: NamesInUse,
): { reason: string; message: string } | undefined {
  const found: [reason: string, name: string | undefined, used: ReadonlySet<string>][] = [
    ['PluralConflict', names.plural, resources],
    ['SingularConflict', names.singular, resources],
    ...(names.shortNames ?? []).map((name): [string, string, ReadonlySet<string>] => [
      'ShortNamesConflict',
      name,
      resources,
    ]),
    ['KindConflict', names.kind, kinds],
    ['ListKindConflict', names.listKind, kinds],
  ]
  const conflicts = found.filter(([, name, used]) => name !== undefined && name !== '' && used.has(name))
  const last = conflicts.at(-1)
  return (
    last && {
      reason: last[0],
      message: conflicts.map(([, name]) => `${JSON.stringify(name)} is already in use`).join(', '),
    }
  )
}
