// Conditions of a CRD: which of its names are free, whether it is served, and who approved it. Pure.
import type { ConditionState } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'
import { type Approval, approvalOf, isProtectedGroup } from '../../apis/apiextensions/api-approval.ts'
import { setCrdCondition } from '../../apis/apiextensions/crd-conditions.ts'

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
  status?: { acceptedNames?: CrdNames; conditions?: Condition[] | null; storedVersions?: string[] }
}

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
  const before = old.conditions ?? []
  const accepted = old.acceptedNames ?? { plural: '', kind: '' }
  const { names, problem } = acceptNames(crd.spec.names, accepted, inUse)
  const isEstablished = before.some(({ type, status }) => type === 'Established' && status === 'True')
  const states: ConditionState[] = [
    problem ? { type: 'NamesAccepted', status: 'False', ...problem } : namesAccepted,
    ...(isEstablished ? [] : [problem ? notAccepted : established]),
    ...approvalCondition(crd),
  ]
  const conditions = states.reduce<readonly Condition[]>((list, state) => setCrdCondition(list, state, now), before)
  const storage = crd.spec.versions.filter(version => version.storage).map(version => version.name)
  const storedVersions = [...new Set([...(old.storedVersions ?? []), ...storage])]
  const status: CrdStatus = { acceptedNames: names, conditions: [...conditions], storedVersions }
  return equalJson(status, { ...old, conditions: before }) ? undefined : status
}

const namesAccepted: ConditionState = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
}
const established: ConditionState = {
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

interface Acceptance {
  readonly names: CrdNames
  /** Of the last name that is taken. */
  readonly problem?: { readonly reason: string; readonly message: string }
}

/** Each name by itself: what is free is accepted, for what is taken the one accepted before stays. */
function acceptNames(wanted: CrdNames, accepted: CrdNames, inUse: NamesInUse): Acceptance {
  const names: CrdNames = { ...accepted }
  let problem: Acceptance['problem']
  const single = (name: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>, reason: string) => {
    const text = wanted[name] ?? ''
    if (text !== (accepted[name] ?? '') && used.has(text)) problem = { reason, message: takenText(text) }
    else if (text !== '') names[name] = text
  }
  single('plural', inUse.resources, 'PluralConflict')
  single('singular', inUse.resources, 'SingularConflict')
  const taken = (wanted.shortNames ?? []).filter(
    name => !accepted.shortNames?.includes(name) && inUse.resources.has(name),
  )
  if (taken.length > 0) {
    const texts = taken.map(takenText)
    const message = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
    problem = { reason: 'ShortNamesConflict', message }
  } else if (wanted.shortNames) names.shortNames = wanted.shortNames
  else delete names.shortNames
  single('kind', inUse.kinds, 'KindConflict')
  single('listKind', inUse.kinds, 'ListKindConflict')
  if (wanted.categories) names.categories = wanted.categories
  else delete names.categories
  return problem ? { names, problem } : { names }
}

function takenText(name: string): string {
  return `${JSON.stringify(name)} is already in use`
}

const approvalStates: Record<Approval['state'], Pick<ConditionState, 'status' | 'reason'>> = {
  missing: { status: 'False', reason: 'MissingAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
}

function approvalCondition({ spec, metadata }: Crd): ConditionState[] {
  if (!isProtectedGroup(spec.group)) return []
  const { state, text } = approvalOf(metadata.annotations ?? {})
  return [{ type: 'KubernetesAPIApprovalPolicyConformant', ...approvalStates[state], message: text }]
}
