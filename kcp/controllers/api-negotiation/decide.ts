// What the physical clusters of a workspace have in common for one API: the part of the schema all their imports share.
import { copyJson, equalJson } from '../../../api/json.ts'
import { importApiVersionAnnotation } from '../../../api/names/kcp-keys.ts'
import { apiVersionOf } from '../../../api/objects.ts'
import { formatTime } from '../../../api/time.ts'
import {
  type ApiResourceCondition,
  type ApiResourceImport,
  type ApiResourceSpec,
  type NegotiatedApiResource,
  negotiatedName,
} from './api-resource-import.ts'
import type { CompareSchemas } from './compare.ts'

export type Action =
  | { type: 'create-negotiated'; object: NegotiatedApiResource }
  | { type: 'write-negotiated-spec'; spec: ApiResourceSpec }
  | { type: 'delete-negotiated' }
  | { type: 'write-import-conditions'; apiImport: ApiResourceImport; conditions: ApiResourceCondition[] }

export interface Observed {
  /** All of one API in one logical cluster. */
  readonly imports: readonly ApiResourceImport[]
  readonly negotiated: NegotiatedApiResource | undefined
  readonly compare: CompareSchemas
  readonly now: Date
}

export function decide({ imports, negotiated, compare, now }: Observed): Action[] {
  const isEnforced = hasTrue(negotiated?.status?.conditions, 'Enforced')
  const isPublished = hasTrue(negotiated?.status?.conditions, 'Published')
  const ordered = [...imports].sort(byAge)
  const [first] = ordered
  if (first === undefined) return negotiated && !isEnforced ? [{ type: 'delete-negotiated' }] : []
  const start = isEnforced && negotiated ? negotiated.spec : commonSpec(first.spec)
  let schema = start.openAPIV3Schema
  const actions: Action[] = []
  for (const apiImport of ordered) {
    const narrow = !isEnforced && mayNarrow(apiImport, isPublished)
    const compared = compare(schema, apiImport.spec.openAPIV3Schema, { narrow })
    if ('lcd' in compared && narrow) schema = compared.lcd
    const problem = 'problem' in compared ? compared.problem : undefined
    const conditions = importConditions(apiImport, { problem, isPublished, now })
    if (conditions && conditions !== apiImport.status?.conditions) {
      actions.push({ type: 'write-import-conditions', apiImport, conditions })
    }
  }
  if (negotiated === undefined) {
    return [{ type: 'create-negotiated', object: newNegotiated({ ...start, openAPIV3Schema: schema }) }, ...actions]
  }
  if (!equalJson(negotiated.spec.openAPIV3Schema, schema)) {
    actions.unshift({ type: 'write-negotiated-spec', spec: { ...negotiated.spec, openAPIV3Schema: schema } })
  }
  return actions
}

function byAge(a: ApiResourceImport, b: ApiResourceImport): number {
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`)
  return (left ?? '') < (right ?? '') ? -1 : 1
}

function mayNarrow({ spec }: ApiResourceImport, isPublished: boolean): boolean {
  const strategy = spec.schemaUpdateStrategy || 'UpdateUnpublished'
  return strategy === 'UpdatePublished' || (strategy === 'UpdateUnpublished' && !isPublished)
}

/** What imports and negotiated resources have in common. */
function commonSpec({ location: _, schemaUpdateStrategy: __, ...spec }: ApiResourceImport['spec']): ApiResourceSpec {
  return copyJson(spec)
}

function newNegotiated(spec: ApiResourceSpec): NegotiatedApiResource {
  const { group = '', version } = spec.groupVersion
  return {
    apiVersion: 'apiresource.kcp.io/v1alpha1',
    kind: 'NegotiatedAPIResource',
    metadata: {
      name: negotiatedName(spec),
      annotations: { [importApiVersionAnnotation]: apiVersionOf({ group, version }) },
    },
    spec,
  }
}

function importConditions(
  { status }: ApiResourceImport,
  facts: { problem: string | undefined; isPublished: boolean; now: Date },
): ApiResourceCondition[] | undefined {
  const { problem, isPublished, now } = facts
  const compatible: ApiResourceCondition =
    problem === undefined
      ? { type: 'Compatible', status: 'True' }
      : { type: 'Compatible', status: 'False', reason: 'IncompatibleSchema', message: problem }
  const wanted = [compatible, ...(isPublished && problem === undefined ? [{ type: 'Available', status: 'True' }] : [])]
  return wanted.reduce<ApiResourceCondition[] | undefined>(
    (list, condition) => setCondition(list, condition, now),
    status?.conditions,
  )
}

/** The same list when nothing changes. */
function setCondition(
  conditions: ApiResourceCondition[] | undefined,
  condition: ApiResourceCondition,
  now: Date,
): ApiResourceCondition[] {
  const list = conditions ?? []
  const existing = list.find(({ type }) => type === condition.type)
  if (existing) {
    const { lastTransitionTime: _, ...old } = existing
    if (equalJson(old, condition)) return list
  }
  const others = list.filter(({ type }) => type !== condition.type)
  return [...others, { ...condition, lastTransitionTime: formatTime(now) }]
}

function hasTrue(conditions: readonly ApiResourceCondition[] | undefined, type: string): boolean {
  return conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false
}
