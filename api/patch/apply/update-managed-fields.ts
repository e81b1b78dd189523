// Keeps metadata.managedFields through ordinary writes (create, update, patch): who wrote what last.
// Pure; the object comes back as it is when its entries are right already.
import type { JsonObject } from '../../json.ts'
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import { formatTime } from '../../time.ts'
import type { Topology } from '../topology.ts'
import { compare, written } from './compare.ts'
import { capOwners, type Owner, ownerId, readOwners, storeOwners } from './field-owners.ts'
import { difference, type Fields, isEmpty, union } from './fields.ts'
import { dispossess, neverOwned, withoutIgnored } from './ownership.ts'

export interface UpdateOptions {
  /** The stored object; absent for a create. */
  readonly before?: KubeObject | undefined
  readonly after: KubeObject
  readonly topology: Topology | undefined
  readonly manager: string
  /** Version the request was made in. */
  readonly apiVersion: string
  /** '' for the main resource. */
  readonly subresource: string
  readonly now: Date
  /** Fields this endpoint does not set: ignoredByMain, ignoredByStatus. */
  readonly ignore?: Fields | undefined
}

export function updateManagedFields(options: UpdateOptions): KubeObject {
  const { before, after, subresource } = options
  const stored = before?.metadata.managedFields
  const sent = after.metadata.managedFields
  const owners = currentOwners(stored, subresource === '' ? sent : stored)
  // Objects whose tracking was given up stay so until the next apply.
  if (before !== undefined && owners.length === 0) return withEntries(after, undefined)
  const next = updateOwners(owners, options)
  return withEntries(after, next === owners ? owners : capOwners(next))
}

/** The owners a request names, else the stored ones; an explicit empty list gives tracking up. */
function currentOwners(
  stored: readonly ManagedFieldsEntry[] | undefined,
  sent: readonly ManagedFieldsEntry[] | undefined,
): Owner[] {
  const isReset = Array.isArray(sent) && (sent.length === 0 || (sent.length === 1 && isBlank(sent[0])))
  if (isReset && sent !== stored) return []
  const owners = Array.isArray(sent) ? readOwners(sent) : undefined
  if (owners !== undefined && owners.length > 0) return owners
  return readOwners(stored) ?? []
}

function isBlank(entry: object | undefined): boolean {
  return entry !== undefined && Object.keys(entry).length === 0
}

/** The owners after a write by `manager`; the same list when it changed nothing that is tracked. */
export function updateOwners(owners: Owner[], options: UpdateOptions): Owner[] {
  const { before, after, topology, ignore } = options
  const all = compare(untracked(before), untracked(after), topology)
  if (isEmpty(all.added) && isEmpty(all.modified) && isEmpty(all.removed)) return owners
  const comparison = withoutIgnored(all, ignore)
  const writer = writerOf(options)
  const left = dispossess(owners, '', comparison)
  const fields = difference(written(comparison), neverOwned)
  if (isEmpty(fields)) return left
  const id = ownerId(writer)
  const previous = left.find(owner => ownerId(owner) === id)
  const others = left.filter(owner => owner !== previous)
  return [...others, { ...writer, fields: previous === undefined ? fields : union(fields, previous.fields) }]
}

function writerOf({ manager, apiVersion, subresource, now }: UpdateOptions): Omit<Owner, 'fields'> {
  const name = manager === '' ? 'unknown' : manager
  return { manager: name, operation: 'Update', apiVersion, subresource, time: formatTime(now) }
}

const noObject: JsonObject = Object.freeze({})

/** The object as it is compared: without its own managedFields. */
export function untracked(object: KubeObject | undefined): JsonObject {
  if (object === undefined) return noObject
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata } as unknown as JsonObject
}

export function withEntries(object: KubeObject, owners: readonly Owner[] | undefined): KubeObject {
  const entries = owners === undefined || owners.length === 0 ? undefined : storeOwners(owners)
  const { managedFields: current, ...metadata } = object.metadata
  if (entries === undefined) return current === undefined ? object : { ...object, metadata }
  const isSame = current?.length === entries.length && entries.every((entry, i) => entry === current[i])
  return isSame ? object : { ...object, metadata: { ...metadata, managedFields: entries } }
}
