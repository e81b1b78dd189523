// The two built-in initializers of a new workspace: its Namespace `default`, and the bindings its type asks for.
import { type ConditionState, falseCondition, isTrue, removeCondition, setCondition } from '../../../api/conditions.ts'
import { apiBindingsInitializer } from '../../admission/workspace-type-graph.ts'
import type { ApiBinding } from '../api-binding/api-binding.ts'
import { decide as decideLogicalCluster } from '../logical-cluster/decide.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'

/** Built in; its type is the root of all that have a Namespace `default`. */
export const universalInitializer = 'root:universal'

export interface WantedBinding {
  readonly name: string
  /** undefined: there is no such export. */
  readonly binding: ApiBinding | undefined
}

export type Action =
  | { type: 'create'; bindings: readonly ApiBinding[]; namespace: boolean }
  | { type: 'write-status'; status: Record<string, unknown> }
  | { type: 'tell-later' }

export interface Observed {
  readonly logicalCluster: LogicalCluster
  readonly url: string
  readonly wanted: readonly WantedBinding[]
  readonly existing: readonly ApiBinding[]
  readonly hasNamespace: boolean
  /** It has taken longer than usual: say why. */
  readonly isLate: boolean
  readonly now: Date
}

export function decide(observed: Observed): Action | undefined {
  const { logicalCluster, wanted, existing, hasNamespace, isLate } = observed
  const initializers = logicalCluster.status?.initializers ?? []
  const needsNamespace = initializers.includes(universalInitializer) && !hasNamespace
  const needsBindings = initializers.includes(apiBindingsInitializer)
  const missing = needsBindings ? missingBindings(wanted, existing) : []
  if (needsNamespace || missing.length > 0) return { type: 'create', bindings: missing, namespace: needsNamespace }
  if (!needsBindings) return finish(observed, [universalInitializer])
  if (wanted.some(({ binding }) => binding === undefined)) return waiting(observed, exportMissing(wanted))
  const pending = wanted.filter(({ name }) => !isCompleted(existing, name)).map(({ name }) => name)
  if (pending.length === 0) return finish(observed, [universalInitializer, apiBindingsInitializer])
  return isLate ? waiting(observed, notYetBound(pending)) : { type: 'tell-later' }
}

function missingBindings(wanted: readonly WantedBinding[], existing: readonly ApiBinding[]): ApiBinding[] {
  const names = new Set(existing.map(binding => binding.metadata.name))
  return wanted.flatMap(({ name, binding }) => (binding === undefined || names.has(name) ? [] : [binding]))
}

function isCompleted(existing: readonly ApiBinding[], name: string): boolean {
  const binding = existing.find(other => other.metadata.name === name)
  return isTrue(binding?.status?.conditions, 'InitialBindingCompleted')
}

const conditionType = 'APIBindingsInitialized'

function notYetBound(names: readonly string[]): ConditionState {
  const message = `APIBinding(s) not yet fully bound: ${[...names].sort().join(', ')}`
  return falseCondition(conditionType, { reason: 'WaitingOnAPIBindings', severity: 'Info', message })
}

function exportMissing(wanted: readonly WantedBinding[]): ConditionState {
  const count = wanted.filter(({ binding }) => binding === undefined).length
  const message = `encountered errors: unable to complete initialization: unable to find at least ${count} APIExport`
  return falseCondition(conditionType, { reason: 'APIBindingErrors', severity: 'Error', message })
}

function waiting({ logicalCluster, now }: Observed, state: ConditionState): Action | undefined {
  const old = logicalCluster.status?.conditions
  const conditions = setCondition(old, state, now)
  return conditions === old ? undefined : { type: 'write-status', status: { conditions } }
}

/** Takes the initializers away; with the last one the cluster becomes Ready in the same write. */
function finish({ logicalCluster, url, now }: Observed, done: readonly string[]): Action | undefined {
  const status = logicalCluster.status ?? {}
  const initializers = (status.initializers ?? []).filter(initializer => !done.includes(initializer))
  if (initializers.length === status.initializers?.length) return undefined
  const conditions = removeCondition(status.conditions, conditionType)
  const next = decideLogicalCluster({
    logicalCluster: { ...logicalCluster, status: { ...status, initializers, conditions } },
    url,
    now,
  })
  const rest = next?.type === 'write-status' ? next.status : {}
  return {
    type: 'write-status',
    status: { initializers: initializers.length === 0 ? null : initializers, conditions, ...rest },
  }
}
