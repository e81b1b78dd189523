// Server-side apply: lays what a manager applies over the live object, drops what it no longer applies and nobody else
// owns, and refuses to change what others own unless forced. Pure. Leaves out: defaulting, validation, storage.
import { equalJson, isJsonObject, type JsonObject } from '../../json.ts'
import { type KubeObject, type ObjectMeta, parseApiVersion } from '../../objects.ts'
import { badRequest, failure } from '../../status-error.ts'
import { formatTime } from '../../time.ts'
import type { Topology } from '../topology.ts'
import { checkTyped } from './check-typed.ts'
import { compare } from './compare.ts'
import { applyConflict } from './conflict-error.ts'
import { type Owner, ownerId, readOwners } from './field-owners.ts'
import { fieldSet } from './field-set.ts'
import { difference, type Fields, intersection, isEmpty, noFields, recursiveDifference, union } from './fields.ts'
import { allowedByLastApplied, withLastApplied } from './last-applied.ts'
import { mergeApplied } from './merge-applied.ts'
import { type Conflict, dispossess, findConflicts, neverOwned, withoutIgnored } from './ownership.ts'
import { removeFields, withNamedFields } from './remove-fields.ts'
import { untracked, updateOwners, withEntries } from './update-managed-fields.ts'

export interface ApplyOptions {
  /** The stored object; absent when the apply creates it. */
  readonly live?: KubeObject | undefined
  readonly applied: JsonObject
  readonly topology: Topology | undefined
  readonly manager: string
  /** Version the request is made in. */
  readonly apiVersion: string
  /** '' for the main resource. */
  readonly subresource: string
  readonly force: boolean
  readonly now: Date
  /** Fields this endpoint does not set: ignoredByMain, ignoredByStatus. */
  readonly ignore?: Fields | undefined
}

/** Throws 409 for conflicts, 400 and a 500 without reason for objects that cannot be applied. */
export function applyPatch(options: ApplyOptions): { object: KubeObject } {
  const { live, applied, topology, manager, subresource, ignore } = options
  checkApplied(options)
  const owners = ownersBefore(options)
  const writer = { manager, operation: 'Apply' as const, apiVersion: options.apiVersion, subresource }
  const id = ownerId(writer)
  const last = owners.find(owner => ownerId(owner) === id)
  const fields = recursiveDifference(fieldSet(applied, topology), ignore ?? noFields)
  const others = owners.filter(owner => owner !== last)

  const before = untracked(live)
  const merged = mergeApplied(before, applied, topology)
  const after = prune(merged, { last: last?.fields ?? noFields, fields, others, topology })
  const comparison = withoutIgnored(compare(before, after, topology), ignore)
  const conflicts = findConflicts(others, id, comparison)
  if (!options.force) refuse(conflicts, options)

  const own = difference(fields, neverOwned)
  const left = dispossess(others, id, comparison)
  const object = manager === 'kubectl' ? withLastApplied(after, applied) : after
  const isChanged = !equalJson(before, after)
  // As in Kubernetes, who joins as an owner without changing anything has no time.
  const time = isChanged ? formatTime(options.now) : last?.time
  const mine = { ...writer, time, fields: own }
  const next = isEmpty(own) ? left : [...left, last === undefined || isChanged ? mine : keep(last, mine)]
  return { object: withEntries(asKubeObject(object), next) }
}

/** The stored entry itself when nothing about it changed. */
function keep(last: Owner, mine: Owner): Owner {
  const isSame = last.apiVersion === mine.apiVersion && isEmpty(difference(mine.fields, last.fields))
  return isSame && isEmpty(difference(last.fields, mine.fields)) ? last : mine
}

function checkApplied({ applied, topology, apiVersion }: ApplyOptions): void {
  const { metadata, kind } = applied
  if (applied.apiVersion !== apiVersion) {
    const text = `Incorrect version specified in apply patch. Specified patch version: ${applied.apiVersion ?? ''}`
    throw badRequest(`${text}, expected: ${apiVersion}`)
  }
  const meta = isJsonObject(metadata) ? metadata : {}
  if ((meta.managedFields ?? null) !== null) throw badRequest('metadata.managedFields must be nil')
  const error = checkTyped(applied, topology)
  if (error === undefined) return
  const { group, version } = parseApiVersion(apiVersion)
  const gvk = `${group === '' ? '' : `${group}/`}${version}, Kind=${kind}`
  const name = `${meta.namespace ?? ''}/${meta.name ?? ''}`
  throw failure(500, '', `failed to create typed patch object (${name}; ${gvk}): ${error}`)
}

/** Whoever wrote an object before it was tracked owns all of it under a name of its own. */
function ownersBefore(options: ApplyOptions): Owner[] {
  const { live, topology, apiVersion, subresource, now, ignore } = options
  if (live === undefined) return []
  const owners = readOwners(live.metadata.managedFields) ?? []
  if (owners.length > 0) return owners
  const manager = 'before-first-apply'
  return updateOwners([], { after: live, topology, manager, apiVersion, subresource, now, ignore })
}

interface PruneOptions {
  /** What the manager applied last time. */
  readonly last: Fields
  /** What it applies now. */
  readonly fields: Fields
  readonly others: readonly Owner[]
  readonly topology: Topology | undefined
}

/** Removes what the manager applied last time, does not apply now, and no one else owns. */
function prune(merged: JsonObject, { last, fields, others, topology }: PruneOptions): JsonObject {
  if (isEmpty(difference(last, fields))) return merged
  const named = (set: Fields) => withNamedFields(set, topology)
  const owned = others.reduce((set, owner) => union(set, owner.fields), fields)
  const without = (gone: Fields) => removeFields(merged, { gone, owned }, topology)
  const lastNamed = named(last)
  const all = named(fieldSet(merged, topology))
  const kept = named(fieldSet(without(lastNamed), topology))
  const unowned = difference(all, union(kept, named(owned)))
  const pruned = named(fieldSet(without(unowned), topology))
  return without(intersection(difference(all, pruned), lastNamed))
}

function refuse(conflicts: Conflict[], { live, topology, manager, apiVersion }: ApplyOptions): void {
  if (conflicts.length === 0) return
  const allowed = manager === 'kubectl' ? allowedByLastApplied(live, topology, apiVersion) : noFields
  const left = conflicts
    .map(({ owner, fields }) => ({ owner, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmpty(fields))
  if (left.length > 0) throw applyConflict(left)
}

function asKubeObject(object: JsonObject): KubeObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  return { ...object, metadata: metadata as unknown as ObjectMeta } as KubeObject
}
