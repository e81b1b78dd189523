// Keeps metadata.managedFields through ordinary writes (create, update, patch): who wrote what last.
// Pure; the object comes back as it is when its entries are right already.
import { equalJson, type JsonObject } from '../../json.ts'
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import { formatTime } from '../../time.ts'
import { written } from './compare.ts'
import { capOwners, type Owner, ownerId, readOwners, storedOwners, storeOwners } from './field-owners.ts'
import { isEmpty, union } from './fields.ts'
import { changesOf, dispossess, type FindVersion, isServers } from './ownership.ts'
import { reconcileOwners } from './reconcile-fields.ts'

export interface UpdateOptions {
  /** The stored object; absent for a create. */
  readonly before?: KubeObject | undefined
  readonly after: KubeObject
  readonly versions: FindVersion
  readonly manager: string
  /** Version the request was made in. */
  readonly apiVersion: string
  /** '' for the main resource. */
  readonly subresource: string
  readonly now: Date
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

type Entries = readonly ManagedFieldsEntry[] | undefined

/** The owners a request names, else the stored ones; an explicit empty list gives tracking up. */
function currentOwners(stored: Entries, sent: Entries): Owner[] {
  if (!Array.isArray(sent) || sent === stored) return storedOwners(stored)
  if (sent.length === 0 || (sent.length === 1 && isBlank(sent[0]))) return []
  if (equalJson(sent, stored)) return storedOwners(stored)
  const owners = readOwners(sent)
  if (owners === undefined || owners.length === 0) return storedOwners(stored)
  return owners.filter(({ fields }) => !isEmpty(fields))
}

function isBlank(entry: object | null | undefined): boolean {
  return entry === null || (entry !== undefined && Object.keys(entry).length === 0)
}

/** The owners after a write by `manager`; the same list when it changed nothing that is tracked. */
export function updateOwners(owners: Owner[], options: UpdateOptions): Owner[] {
  const { before, after, versions, apiVersion } = options
  const changes = changesOf(ownable(before), ownable(after), versions)
  const own = changes(apiVersion)
  if (own === undefined) return owners
  if (isEmpty(own.added) && isEmpty(own.modified) && isEmpty(own.removed)) return owners
  const left = owners.length === 0 ? owners : dispossess(reconcileOwners(owners, versions), changes)
  const fields = written(own)
  if (isEmpty(fields)) return left
  const writer = writerOf(options)
  const id = ownerId(writer)
  const previous = left.find(owner => ownerId(owner) === id)
  const others = left.filter(owner => owner !== previous)
  return [...others, { ...writer, fields: previous === undefined ? fields : union(fields, previous.fields) }]
}

function writerOf({ manager, apiVersion, subresource, now }: UpdateOptions): Omit<Owner, 'fields'> {
  const name = manager === '' ? 'unknown' : manager
  return { manager: name, operation: 'Update', apiVersion, subresource, time: formatTime(now) }
}

const noObject: JsonObject = Object.freeze({ metadata: {} })

/** Members of an object that somebody may own: all but those of `neverOwned`. */
function ownable(object: KubeObject | undefined): JsonObject {
  if (object === undefined) return noObject
  const { apiVersion: _version, kind: _kind, metadata, ...members } = object
  const owned: JsonObject = {}
  for (const [name, value] of Object.entries(metadata)) if (!isServers(name)) owned[name] = value
  return { ...members, metadata: owned } as JsonObject
}

/** The object as it is compared: without its own managedFields. */
export function untracked(object: KubeObject | undefined): JsonObject {
  if (object === undefined) return noObject
  if (object.metadata.managedFields === undefined) return object as unknown as JsonObject
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

/** Whether two lists of entries differ in nothing but times. */
export function sameOwners(a: Entries, b: Entries): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || a.length !== b.length) return false
  return a.every((entry, i) => {
    const other = b[i]
    return entry === other || (other !== undefined && equalJson(untimed(entry), untimed(other)))
  })
}

function untimed({ time: _, ...entry }: ManagedFieldsEntry): object {
  return entry
}
