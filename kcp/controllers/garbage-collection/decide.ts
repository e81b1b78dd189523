// What happens to an object because of its owners. Pure.
import type { KubeObject, OwnerReference } from '../../../api/objects.ts'

/** `unknown`: its API is not served here, so nobody can say whether it exists. */
export type OwnerState = 'exists' | 'waits-for-dependents' | 'absent' | 'unknown'

export type Action =
  | { type: 'delete'; policy: 'Foreground' | 'Background' | 'Orphan' }
  | { type: 'drop-references'; keep: OwnerReference[] }
  | { type: 'nothing' }

export const foregroundFinalizer = 'foregroundDeletion'
export const orphanFinalizer = 'orphan'

export interface Observed {
  readonly object: KubeObject
  /** One for each of its ownerReferences, in order. */
  readonly owners: readonly OwnerState[]
  readonly hasDependents: boolean
}

export function decide({ object, owners, hasDependents }: Observed): Action {
  const references = object.metadata.ownerReferences ?? []
  if (references.length === 0 || object.metadata.deletionTimestamp) return { type: 'nothing' }
  const isLasting = (state: OwnerState | undefined) => state === 'exists' || state === 'unknown'
  if (owners.some(isLasting)) {
    const keep = references.filter((_, index) => isLasting(owners[index]))
    return keep.length === references.length ? { type: 'nothing' } : { type: 'drop-references', keep }
  }
  const waits = owners.includes('waits-for-dependents')
  if (waits && hasDependents) return { type: 'delete', policy: 'Foreground' }
  return { type: 'delete', policy: policyOf(object.metadata.finalizers ?? []) }
}

function policyOf(finalizers: readonly string[]): 'Foreground' | 'Background' | 'Orphan' {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan'
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background'
}

/** What an object that is being deleted waits for, by its finalizers. */
export function deletionMode({ metadata }: KubeObject): 'orphan' | 'foreground' | undefined {
  if (!metadata.deletionTimestamp) return undefined
  if (metadata.finalizers?.includes(orphanFinalizer)) return 'orphan'
  return metadata.finalizers?.includes(foregroundFinalizer) ? 'foreground' : undefined
}
