// The status of one APIBinding from its export, the export's schemas and what its logical cluster already serves.
import {
  type ConditionState,
  falseCondition,
  isTrue,
  setCondition,
  setSummary,
  trueCondition,
} from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import type { PermissionClaim } from '../../../api/names/derived-names.ts'
import type { Condition } from '../../../api/objects.ts'
import type { ApiBinding, ApiBindingStatus, BoundApiResource, SchemaFacts } from './api-binding.ts'
import { conflictText, type TakenNames } from './naming-conflict.ts'

export interface ExportFacts {
  readonly cluster: string
  readonly identityHash: string
  readonly permissionClaims: readonly PermissionClaim[]
  /** A name without a schema stands for one that is missing. */
  readonly schemas: readonly (SchemaFacts | string)[]
}

export interface Observed {
  readonly binding: ApiBinding
  /** A text: where it was looked for, as `<cluster>|<name>`. */
  readonly apiExport: ExportFacts | string
  /** Names the other bindings and the CRDs of the cluster have. */
  readonly taken: () => readonly TakenNames[]
  readonly now: Date
}

/** The same object as `binding.status` when nothing changes. */
export function decideStatus(observed: Observed): ApiBindingStatus {
  const { binding, now } = observed
  const old = binding.status ?? {}
  const next = statusOf(observed, old)
  const types = ['InitialBindingCompleted']
  const conditions = setSummary(next.conditions, { types, now })
  const status = { ...next, conditions }
  return equalJson(status, old) ? old : status
}

function statusOf({ binding, apiExport, taken, now }: Observed, old: ApiBindingStatus): ApiBindingStatus {
  const set = (conditions: Condition[] | undefined, ...states: ConditionState[]) =>
    states.reduce((list, state) => setCondition(list, state, now), conditions ?? [])
  const phase = old.phase === 'Bound' ? 'Bound' : 'Binding'
  const bound = isTrue(old.conditions, 'InitialBindingCompleted')
  const waiting = bound ? old.conditions : set(old.conditions, waitingForEstablished)
  if (typeof apiExport === 'string') {
    return {
      ...old,
      phase,
      conditions: set(waiting, exportInvalid('APIExportNotFound', `APIExport ${apiExport} not found`)),
    }
  }
  if (apiExport.identityHash === '') {
    const message = 'Missing identityHash'
    const state = falseCondition('APIExportValid', { reason: 'MissingIdentityHash', severity: 'Warning', message })
    return { ...old, phase, conditions: set(waiting, state) }
  }
  const schemas = apiExport.schemas.filter(schema => typeof schema !== 'string')
  if (schemas.length < apiExport.schemas.length || schemas.some(schema => schema.lacksConversion)) {
    return { ...old, phase, conditions: set(waiting, exportInvalid('InternalError', brokenExportText)) }
  }
  const added = schemas.filter(schema => !old.boundResources?.some(bound => bound.schema.UID === schema.uid))
  const conflict = added.length === 0 ? undefined : conflictText(added, taken())
  if (conflict !== undefined) return { ...old, phase, conditions: set(waiting, ...conflicts(conflict, bound)) }
  const claims = claimsStatus(binding, apiExport.permissionClaims)
  const { exportPermissionClaims: _exported, appliedPermissionClaims: _applied, ...rest } = old
  return {
    ...rest,
    apiExportClusterName: apiExport.cluster,
    boundResources: boundResources(old.boundResources ?? [], schemas, apiExport.identityHash),
    phase: 'Bound',
    conditions: set(
      old.conditions,
      ...['APIExportValid', 'BindingUpToDate', 'InitialBindingCompleted'].map(trueCondition),
      ...claims.conditions,
    ),
    ...claims.status,
  }
}

const brokenExportText = 'Invalid APIExport. Please contact the APIExport owner to resolve'

const waitingForEstablished = falseCondition('InitialBindingCompleted', {
  reason: 'WaitingForEstablished',
  severity: 'Info',
  message: 'Waiting for API(s) to be established',
})

function exportInvalid(reason: string, message: string): ConditionState {
  return falseCondition('APIExportValid', { reason, severity: 'Error', message })
}

function conflicts(text: string, bound: boolean): ConditionState[] {
  const because = { reason: 'NamingConflicts', severity: 'Error', message: `Unable to bind APIs: ${text}` } as const
  const upToDate = falseCondition('BindingUpToDate', because)
  return bound ? [upToDate] : [upToDate, falseCondition('InitialBindingCompleted', because)]
}

/** What the export no longer lists stays bound, since its objects are still there. */
function boundResources(
  old: readonly BoundApiResource[],
  schemas: readonly SchemaFacts[],
  identityHash: string,
): BoundApiResource[] {
  const isOf = (schema: SchemaFacts) => (bound: BoundApiResource) =>
    bound.group === schema.group && bound.resource === schema.names.plural
  const listed = schemas.map(schema => ({
    group: schema.group,
    resource: schema.names.plural,
    schema: { name: schema.name, UID: schema.uid, identityHash },
    storageVersions: [
      ...new Set([...(old.find(isOf(schema))?.storageVersions ?? []), ...schema.storageVersions]),
    ].sort(),
  }))
  return [...listed, ...old.filter(bound => !schemas.some(schema => isOf(schema)(bound)))]
}

function claimsStatus(binding: ApiBinding, exported: readonly PermissionClaim[]) {
  const asked = (binding.spec.permissionClaims ?? []).map(({ state, ...claim }) => ({ state, claim }))
  const isExported = (claim: PermissionClaim) => exported.some(other => equalJson(normal(claim), normal(other)))
  const unexpected = asked.filter(({ claim }) => !isExported(claim)).map(({ claim }) => claim)
  const applied = asked
    .filter(({ state, claim }) => state === 'Accepted' && isExported(claim))
    .map(({ claim }) => claim)
  return {
    conditions: [trueCondition('PermissionClaimsApplied'), claimsValid(unexpected)],
    status: {
      ...(exported.length > 0 ? { exportPermissionClaims: [...exported] } : {}),
      ...(applied.length > 0 ? { appliedPermissionClaims: applied } : {}),
    },
  }
}

function normal(claim: PermissionClaim) {
  const { group = '', resource, all = false, resourceSelector = [], identityHash = '' } = claim
  return { group, resource, all, resourceSelector, identityHash }
}

const unexpectedClaimsShownMax = 10

function claimsValid(unexpected: readonly PermissionClaim[]): ConditionState {
  if (unexpected.length === 0) return trueCondition('PermissionClaimsValid')
  const shown = unexpected.slice(0, unexpectedClaimsShownMax)
  const texts = shown.map(
    ({ group = '', resource, identityHash = '' }) =>
      `unexpected/invalid claim for ${resource}.${group} (identity ${JSON.stringify(identityHash)})`,
  )
  const message = `${unexpected.length} unexpected and/or invalid permission claims (showing first ${shown.length}): ${texts.join(', ')}`
  return falseCondition('PermissionClaimsValid', { reason: 'InvalidPermissionClaims', severity: 'Error', message })
}
