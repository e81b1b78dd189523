// Who owns which fields: metadata.managedFields as a list that operations replace entries of.
// An entry is told from others by manager, operation, subresource and, for Update, apiVersion.
import { isJsonObject } from '../../json.ts'
import type { ManagedFieldsEntry } from '../../objects.ts'
import { equalFields, type Fields, isEmpty, readFields, sortFields, union } from './fields.ts'

export interface Owner {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string | undefined
  readonly fields: Fields
  /** What was read, as long as nothing changed. */
  readonly stored?: ManagedFieldsEntry
}

/** Entries as a client sent them; undefined when one is malformed. */
export function readOwners(entries: readonly unknown[]): Owner[] | undefined {
  const owners = new Map<string, Owner>()
  for (const entry of entries) {
    const owner = readOwner(entry)
    if (owner === undefined) return undefined
    owners.set(ownerId(owner), owner)
  }
  return [...owners.values()]
}

function readOwner(entry: unknown): Owner | undefined {
  if (!isJsonObject(entry)) return undefined
  const { manager = '', operation, apiVersion, fieldsType, fieldsV1 = {}, subresource = '', time } = entry
  if (operation !== 'Apply' && operation !== 'Update') return undefined
  if (typeof apiVersion !== 'string' || apiVersion === '' || fieldsType !== 'FieldsV1') return undefined
  if (typeof manager !== 'string' || typeof subresource !== 'string') return undefined
  const fields = isJsonObject(fieldsV1) ? readFields(fieldsV1) : undefined
  if (fields === undefined) return undefined
  return { manager, operation, apiVersion, subresource, time: typeof time === 'string' ? time : undefined, fields }
}

/** Entries that were stored: they are well-formed, and are kept as they are until their fields change. */
export function storedOwners(entries: readonly ManagedFieldsEntry[] = []): Owner[] {
  return entries.map(stored => ({
    manager: stored.manager,
    operation: stored.operation,
    apiVersion: stored.apiVersion,
    subresource: stored.subresource ?? '',
    time: stored.time,
    fields: stored.fieldsV1,
    stored,
  }))
}

/** Text that two entries of the same owner share; sorts by manager. */
export function ownerId({ manager, operation, apiVersion, subresource }: Omit<Owner, 'fields' | 'time'>): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource])
}

/** The owner with other fields; undefined when none are left. */
export function withFields(owner: Owner, fields: Fields): Owner | undefined {
  if (fields === owner.fields) return owner
  if (isEmpty(fields)) return undefined
  if (equalFields(fields, owner.fields)) return owner
  const { stored: _, ...rest } = owner
  return { ...rest, fields }
}

/** The entries to store: Apply before Update, then by time, then by name. Unchanged ones stay as they were. */
export function storeOwners(owners: readonly Owner[]): ManagedFieldsEntry[] {
  return [...owners].sort(compareOwners).map(storeOwner)
}

function storeOwner({ stored, manager, operation, apiVersion, time, fields, subresource }: Owner): ManagedFieldsEntry {
  if (stored !== undefined) return stored
  return {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: sortFields(fields),
    ...(subresource === '' ? {} : { subresource }),
  }
}

function compareOwners(a: Owner, b: Owner): number {
  return (
    compareTexts(a.operation, b.operation) ||
    seconds(a.time) - seconds(b.time) ||
    compareTexts(a.manager, b.manager) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource, b.subresource)
  )
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function seconds(time: string | undefined): number {
  const ms = time === undefined ? 0 : Date.parse(time)
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000)
}

/** How many Update entries an object keeps. */
export const updateManagersLimit = 10
const ancientManager = 'ancient-changes'

/** Joins the oldest Update entries of a version into one, until there are no more than the limit. */
export function capOwners(owners: Owner[]): Owner[] {
  const updates = owners.filter(({ operation }) => operation === 'Update')
  if (updates.length <= updateManagersLimit) return owners
  updates.sort((a, b) => seconds(a.time) - seconds(b.time) || compareTexts(ownerId(a), ownerId(b)))
  const left = new Set(owners)
  const buckets = new Map<string, Owner>()
  let count = updates.length
  for (const owner of updates) {
    if (count <= updateManagersLimit) break
    const { apiVersion, time } = owner
    const oldest = buckets.get(apiVersion)
    const isOldest = oldest === undefined
    const bucket: Owner = isOldest
      ? owner
      : { ...ancient(apiVersion, time), fields: union(owner.fields, oldest.fields) }
    buckets.set(apiVersion, bucket)
    if (isOldest) continue
    left.delete(oldest)
    left.delete(owner)
    left.add(bucket)
    count--
  }
  return [...left]
}

function ancient(apiVersion: string, time: string | undefined): Omit<Owner, 'fields'> {
  return { manager: ancientManager, operation: 'Update', apiVersion, subresource: '', time }
}
