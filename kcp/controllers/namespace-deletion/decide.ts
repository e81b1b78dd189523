// Conditions of a Namespace that is being deleted. Pure.
import { type ConditionState, getCondition, setCondition } from '../../../api/conditions.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'
import type { Remains } from '../content/delete-content.ts'
import { finalizersText, resourcesText } from '../content/remaining-text.ts'

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] }
  status?: { phase?: string; conditions?: Condition[] }
}

/** The finalizer in spec that this controller takes away at the end. */
export const kubernetesFinalizer = 'kubernetes'

export function remainingConditions(namespace: Namespace, remains: readonly Remains[], now: Date): Condition[] {
  const finalizers = finalizersText(remains, 'namespace')
  const states: ConditionState[] = [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    remains.length > 0
      ? stuck('NamespaceContentRemaining', 'SomeResourcesRemain', resourcesText(remains))
      : fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'),
    finalizers === ''
      ? fine('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : stuck('NamespaceFinalizersRemaining', 'SomeFinalizersRemain', finalizers),
  ]
  return states.reduce((list, state) => setInPlace(list, state, now), namespace.status?.conditions ?? [])
}

/** Kubernetes keeps the order in which conditions came. */
function setInPlace(list: Condition[], state: ConditionState, now: Date): Condition[] {
  const set = setCondition(list, state, now)
  if (set === list) return list
  const condition = getCondition(set, state.type)
  if (condition === undefined) return list
  const isKnown = list.some(({ type }) => type === state.type)
  return isKnown ? list.map(each => (each.type === state.type ? condition : each)) : [...list, condition]
}

function fine(type: string, reason: string, message: string): ConditionState {
  return { type, status: 'False', reason, message }
}

function stuck(type: string, reason: string, message: string): ConditionState {
  return { type, status: 'True', reason, message }
}
