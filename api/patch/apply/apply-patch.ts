// Server-side apply: lays what a manager applies over the live object, drops what it no longer applies and nobody else
// owns, and refuses to change what others own unless forced. Pure. Leaves out: defaulting, validation, storage.
import { equalJson, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { type KubeObject, type ObjectMeta, parseApiVersion } from '../../objects.ts'
import { badRequest, failure } from '../../status-error.ts'
import { formatTime } from '../../time.ts'
import type { Topology } from '../topology.ts'
import { checkTyped } from './check-typed.ts'
import { applyConflict } from './conflict-error.ts'
import { type Owner, ownerId, storedOwners } from './field-owners.ts'
import { fieldSet } from './field-set.ts'
import { difference, type Fields, intersection, isEmpty, noFields, recursiveDifference, union } from './fields.ts'
import { allowedByLastApplied, withLastApplied } from './last-applied.ts'
import { mergeApplied } from './merge-applied.ts'
import { type Conflict, changesOf, dispossess, type FindVersion, findConflicts, neverOwned } from './ownership.ts'
import { reconcileOwners } from './reconcile-fields.ts'
import { removeFields, withNamedFields } from './remove-fields.ts'
import { untracked, updateOwners, withEntries } from './update-managed-fields.ts'

export interface ApplyOptions {
  /** The stored object; absent when the apply creates it. */
  readonly live?: KubeObject | undefined
  readonly applied: JsonObject
  readonly versions: FindVersion
  readonly manager: string
  /** Version the request is made in. */
  readonly apiVersion: string
  readonly kind: string
  /** '' for the main resource. */
  readonly subresource: string
  readonly force: boolean
  readonly now: Date
}

/** Throws 409 for conflicts, 400 and a 500 without reason for objects that cannot be applied. */
export function applyPatch(options: ApplyOptions): { object: KubeObject } {
  const { live, applied, versions, manager, apiVersion, subresource } = options
  checkApplied(options)
  const { topology, ignore = noFields } = versions(apiVersion) ?? { topology: undefined }
  const owners = ownersBefore(options)
  const writer = { manager, operation: 'Apply' as const, apiVersion, subresource }
  const id = ownerId(writer)
  const last = owners.find(owner => ownerId(owner) === id)
  const fields = recursiveDifference(fieldSet(applied, topology), ignore)
  const others = owners.filter(owner => owner !== last)

  const before = untracked(live)
  const merged = mergeApplied(before, applied, topology)
  const after = prune(merged, { last, owners: [...others, { ...writer, fields }], versions })
  const changes = changesOf(before, after, versions)
  const conflicts = findConflicts(others, id, changes)
  if (!options.force) refuse(conflicts, options)

  const own = difference(fields, neverOwned)
  const left = dispossess(others, changes)
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

function checkApplied({ applied, versions, apiVersion, kind }: ApplyOptions): void {
  const { metadata } = applied
  const found = { apiVersion: textOf(applied.apiVersion), kind: textOf(applied.kind) }
  if (found.apiVersion !== apiVersion || found.kind !== kind) {
    throw badRequest(`invalid object type: ${gvkText(found.apiVersion, found.kind)}`)
  }
  const meta = isJsonObject(metadata) ? metadata : {}
  if ((meta.managedFields ?? null) !== null) throw badRequest('metadata.managedFields must be nil')
  const error = checkTyped(applied, versions(apiVersion)?.topology)
  if (error === undefined) return
  const name = `${textOf(meta.namespace)}/${textOf(meta.name)}`
  throw failure(500, '', `failed to create typed patch object (${name}; ${gvkText(apiVersion, kind)}): ${error}`)
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** As Go prints a GroupVersionKind. */
function gvkText(apiVersion: string, kind: string): string {
  const { group, version } = parseApiVersion(apiVersion)
  return `${group}/${version}, Kind=${kind}`
}

/** Whoever wrote an object before it was tracked owns all of it under a name of its own. */
function ownersBefore(options: ApplyOptions): Owner[] {
  const { live, versions, apiVersion, subresource, now } = options
  if (live === undefined) return []
  const owners = reconcileOwners(storedOwners(live.metadata.managedFields), versions)
  if (owners.length > 0) return owners
  const manager = 'before-first-apply'
  return updateOwners([], { after: live, versions, manager, apiVersion, subresource, now })
}

interface PruneOptions {
  /** Who applies, as it was before. */
  readonly last: Owner | undefined
  /** All owners, with what is applied now. */
  readonly owners: readonly Omit<Owner, 'time'>[]
  readonly versions: FindVersion
}

/** Removes what the manager applied last time, does not apply now, and no one else owns. */
function prune(merged: JsonObject, { last, owners, versions }: PruneOptions): JsonObject {
  const mine = owners.at(-1)?.fields ?? noFields
  if (last === undefined || isEmpty(difference(last.fields, mine))) return merged
  const lastFacts = versions(last.apiVersion)
  if (lastFacts === undefined) return merged
  const { topology } = lastFacts
  const owned = ownedByVersion(owners)
  const without = (gone: Fields, seen: Topology | undefined) => removeFields(merged, gone, seen)
  const lastNamed = withNamedFields(last.fields, topology)
  let pruned = without(lastNamed, topology)
  const versionsInOrder = [last.apiVersion, ...[...owned.keys()].filter(version => version !== last.apiVersion)]
  for (const apiVersion of versionsInOrder) {
    const facts = versions(apiVersion)
    if (facts === undefined) continue
    const named = (set: Fields) => withNamedFields(set, facts.topology)
    const kept = union(named(fieldSet(pruned, facts.topology)), named(owned.get(apiVersion) ?? noFields))
    pruned = without(difference(named(fieldSet(merged, facts.topology)), kept), facts.topology)
  }
  const all = withNamedFields(fieldSet(merged, topology), topology)
  const left = withNamedFields(fieldSet(pruned, topology), topology)
  return without(intersection(difference(all, left), lastNamed), topology)
}

function ownedByVersion(owners: readonly Omit<Owner, 'time'>[]): Map<string, Fields> {
  const owned = new Map<string, Fields>()
  for (const { apiVersion, fields } of owners) owned.set(apiVersion, union(owned.get(apiVersion) ?? noFields, fields))
  return owned
}

function refuse(conflicts: Conflict[], { live, versions, manager, apiVersion }: ApplyOptions): void {
  if (conflicts.length === 0) return
  const topology = versions(apiVersion)?.topology
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
