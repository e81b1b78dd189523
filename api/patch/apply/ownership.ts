// How one write moves ownership: what changed leaves all other owners, unless the write must not take it.
import { type Comparison, written } from './compare.ts'
import { type Owner, ownerId, withFields } from './field-owners.ts'
import { difference, type Fields, intersection, isEmpty, recursiveDifference } from './fields.ts'

/** Fields that no owner ever holds. */
export const neverOwned: Fields = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:clusterName': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
}

/** Fields that a write to the main resource does not set, for types with the status subresource. */
export const ignoredByMain: Fields = { 'f:status': {} }
/** Fields that a write to the status subresource does not set. */
export const ignoredByStatus: Fields = { 'f:metadata': {}, 'f:spec': {} }

export interface Conflict {
  readonly owner: Owner
  readonly fields: Fields
}

export function withoutIgnored(comparison: Comparison, ignore: Fields | undefined): Comparison {
  if (ignore === undefined || isEmpty(ignore)) return comparison
  const { added, removed, modified } = comparison
  return {
    added: recursiveDifference(added, ignore),
    removed: recursiveDifference(removed, ignore),
    modified: recursiveDifference(modified, ignore),
  }
}

/** Other owners whose fields the write would set, by name. */
export function findConflicts(owners: readonly Owner[], writerId: string, comparison: Comparison): Conflict[] {
  const fields = written(comparison)
  if (isEmpty(fields)) return []
  return owners
    .filter(owner => ownerId(owner) !== writerId)
    .map(owner => ({ owner, fields: intersection(owner.fields, fields) }))
    .filter(conflict => !isEmpty(conflict.fields))
    .sort((a, b) => (ownerId(a.owner) < ownerId(b.owner) ? -1 : 1))
}

/** All owners but the writer lose what the write sets or removes; who has nothing left is dropped. */
export function dispossess(owners: readonly Owner[], writerId: string, comparison: Comparison): Owner[] {
  const fields = written(comparison)
  const { removed } = comparison
  const left: Owner[] = []
  for (const owner of owners) {
    const isWriter = ownerId(owner) === writerId
    const rest = isWriter ? owner : withFields(owner, difference(difference(owner.fields, fields), removed))
    if (rest !== undefined) left.push(rest)
  }
  return left
}
