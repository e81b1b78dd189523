// How one write moves ownership: what changed leaves all other owners, unless the write must not take it.
import type { JsonObject } from '../../json.ts'
import type { Topology } from '../topology.ts'
import { type Comparison, compare, written } from './compare.ts'
import { type Owner, ownerId, withFields } from './field-owners.ts'
import { difference, type Fields, intersection, isEmpty, noFields, recursiveDifference } from './fields.ts'

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

const serversMetadata: Fields = neverOwned['f:metadata'] as Fields

/** Whether nobody owns a member of metadata. */
export function isServers(name: string): boolean {
  return Object.hasOwn(serversMetadata, `f:${name}`)
}

/** Fields that a write to the main resource does not set, for types with the status subresource. */
export const ignoredByMain: Fields = { 'f:status': {} }
/** Fields that a write to the status subresource does not set. Changes of metadata count, although they are undone. */
export const ignoredByStatus: Fields = { 'f:spec': {} }

export interface Conflict {
  readonly owner: Owner
  readonly fields: Fields
}

/** What is known of a version of a type. */
export interface VersionFacts {
  readonly topology: Topology | undefined
  /** Fields that the endpoint does not set. */
  readonly ignore?: Fields | undefined
}
/** Undefined for versions that the type does not have (any more): who owns fields in one is forgotten. */
export type FindVersion = (apiVersion: string) => VersionFacts | undefined

/** What a write does to the object, as seen in each version. Versions differ in their schemas, not in the object. */
export type ChangesIn = (apiVersion: string) => Comparison | undefined

export function changesOf(before: JsonObject, after: JsonObject, find: FindVersion): ChangesIn {
  const known = new Map<string, Comparison | undefined>()
  return apiVersion => {
    if (!known.has(apiVersion)) {
      const facts = find(apiVersion)
      const changes = facts && withoutIgnored(compare(before, after, facts.topology), facts.ignore)
      known.set(apiVersion, changes)
    }
    return known.get(apiVersion)
  }
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
export function findConflicts(owners: readonly Owner[], writerId: string, changes: ChangesIn): Conflict[] {
  return owners
    .filter(owner => ownerId(owner) !== writerId)
    .map(owner => ({ owner, fields: intersection(owner.fields, writtenIn(changes, owner)) }))
    .filter(conflict => !isEmpty(conflict.fields))
    .sort((a, b) => (ownerId(a.owner) < ownerId(b.owner) ? -1 : 1))
}

function writtenIn(changes: ChangesIn, { apiVersion }: Owner): Fields {
  const comparison = changes(apiVersion)
  return comparison === undefined ? noFields : written(comparison)
}

/** All owners lose what the write sets or removes; who has nothing left is dropped. */
export function dispossess(owners: readonly Owner[], changes: ChangesIn): Owner[] {
  const left: Owner[] = []
  for (const owner of owners) {
    const comparison = changes(owner.apiVersion)
    if (comparison === undefined) continue
    const rest = withFields(owner, difference(difference(owner.fields, written(comparison)), comparison.removed))
    if (rest !== undefined) left.push(rest)
  }
  return left
}
