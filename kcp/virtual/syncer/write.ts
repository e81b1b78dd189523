// What a write of a syncer means for the stored object: it may take or release it and report fields, nothing else.
// Everything else in the body is ignored. Pure: returns the writes to do, in order.
import { type JsonObject, setOwn } from '../../../api/json.ts'
import {
  deletionAnnotation,
  promotedValue,
  stateLabel,
  stateLabelPrefix,
  syncerFinalizer,
  syncerFinalizerPrefix,
  syncerViewAnnotation,
} from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { conflict, internalError } from '../../../api/status-error.ts'
import { formatRecord, isPromoted, isStatusRule, readPath, recordOf, rulesOf, withPath } from './summarizing.ts'

export interface SyncerWrite {
  readonly stored: KubeObject
  /** The body. */
  readonly view: KubeObject
  readonly key: string
  readonly subresource: '' | 'status'
  /** With the resource as `<resource>:<identity>`, for messages. */
  readonly resource: { readonly group: string; readonly resource: string }
}

export interface PlannedWrite {
  readonly subresource: '' | 'status'
  /** Of the second and later writes the resourceVersion is that of the one before. */
  readonly object: KubeObject
}

/** Throws 409 when the body is not of the stored version, and 500 when the object is not, or not yet, this syncer's. */
export function planWrite(write: SyncerWrite): PlannedWrite[] {
  const { stored, view, key, subresource } = write
  if (view.metadata.resourceVersion !== stored.metadata.resourceVersion) {
    throw conflict(write.resource, stored.metadata.name, 'the resource has been modified in the meantime')
  }
  const finalizer = syncerFinalizer(key)
  const holds = view.metadata.finalizers?.includes(finalizer) ?? false
  if (subresource === '' && view.metadata.deletionTimestamp && !holds) return planRelease(stored, key)
  const { namespace = '', name } = stored.metadata
  const { resource } = write.resource
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const subject = `tried to write resource ${asked}(${namespace}/${name}) though it is not`
  if (stored.metadata.labels?.[stateLabel(key)] !== 'Sync') {
    throw internalError(`${subject} assigned to the current SyncTarget`)
  }
  if (!holds) throw internalError(`${subject} owning it (syncer finalizer doesn't exist)`)
  const shared = withOwnRecords(stored)
  const reported = report(shared, write)
  const finalizers = [...new Set([...(stored.metadata.finalizers ?? []), finalizer])].sort()
  return [{ subresource, object: { ...reported, metadata: { ...reported.metadata, finalizers } } }]
}

function statesOf({ metadata }: KubeObject): string[] {
  return Object.keys(metadata.labels ?? {})
    .filter(label => label.startsWith(stateLabelPrefix))
    .map(label => label.slice(stateLabelPrefix.length))
}

/** Keys of the SyncTargets whose syncers hold the object. */
function ownersOf({ metadata }: KubeObject): string[] {
  return (metadata.finalizers ?? [])
    .filter(finalizer => finalizer.startsWith(syncerFinalizerPrefix))
    .map(finalizer => finalizer.slice(syncerFinalizerPrefix.length))
}

function report(stored: KubeObject, { view, key, subresource }: SyncerWrite): KubeObject {
  const isAlone = statesOf(stored).length === 1
  const old = recordOf(stored.metadata, key)
  const record: JsonObject = {}
  let object = stored as unknown as JsonObject
  for (const rule of rulesOf(stored.metadata)) {
    const { fieldPath, promoted } = rule
    if (isStatusRule(rule) !== (subresource === 'status')) {
      if (Object.hasOwn(old, fieldPath)) setOwn(record, fieldPath, old[fieldPath])
      continue
    }
    const value = readPath(view as unknown as JsonObject, fieldPath)
    if (value === undefined) continue
    if (isAlone && promoted) object = withPath(object, fieldPath, value)
    setOwn(record, fieldPath, isAlone && promoted ? promotedValue : value)
  }
  return withRecord(object as unknown as KubeObject, key, record)
}

/** When others join, what the first owner had promoted becomes a report of its own. */
function withOwnRecords(stored: KubeObject): KubeObject {
  const [owner, ...others] = ownersOf(stored)
  if (owner === undefined || others.length > 0 || statesOf(stored).length < 2) return stored
  const record = { ...recordOf(stored.metadata, owner) }
  const promoted = Object.keys(record).filter(path => isPromoted(record[path]))
  if (promoted.length === 0) return stored
  for (const path of promoted) {
    const value = readPath(stored as unknown as JsonObject, path)
    if (value === undefined) delete record[path]
    else setOwn(record, path, value)
  }
  return withRecord(stored, owner, record)
}

function planRelease(stored: KubeObject, key: string): PlannedWrite[] {
  const { labels, annotations, finalizers } = stored.metadata
  const released: KubeObject = {
    ...stored,
    metadata: {
      ...stored.metadata,
      labels: without(labels, [stateLabel(key)]),
      annotations: without(annotations, [syncerViewAnnotation(key), deletionAnnotation(key)]),
      finalizers: (finalizers ?? []).filter(finalizer => finalizer !== syncerFinalizer(key)),
    },
  }
  const rest = ownersOf(released).filter(owner => labels?.[stateLabel(owner)] === 'Sync')
  const [only] = rest
  return only === undefined || rest.length > 1 ? [{ subresource: '', object: released }] : planPromotion(released, only)
}

/** The same without a release, when the others vanished: empty when there is nothing to promote. */
export function planSoleOwner(stored: KubeObject): PlannedWrite[] {
  const [owner, ...others] = statesOf(stored)
  if (owner === undefined || others.length > 0 || !ownersOf(stored).includes(owner)) return []
  const record = recordOf(stored.metadata, owner)
  const hasOwnReports = rulesOf(stored.metadata).some(
    ({ fieldPath, promoted }) => promoted && record[fieldPath] !== undefined && !isPromoted(record[fieldPath]),
  )
  return hasOwnReports ? planPromotion(stored, owner) : []
}

/** The one target that is left speaks for the object from now on. Status has its own write, which comes first. */
function planPromotion(released: KubeObject, owner: string): PlannedWrite[] {
  const record = { ...recordOf(released.metadata, owner) }
  let object = released as unknown as JsonObject
  let changesStatus = false
  for (const rule of rulesOf(released.metadata)) {
    const value = record[rule.fieldPath]
    if (!rule.promoted || value === undefined || isPromoted(value)) continue
    object = withPath(object, rule.fieldPath, value)
    setOwn(record, rule.fieldPath, promotedValue)
    changesStatus ||= isStatusRule(rule)
  }
  const promoted = withRecord(object as unknown as KubeObject, owner, record)
  const main: PlannedWrite = { subresource: '', object: promoted }
  return changesStatus ? [{ subresource: 'status', object: promoted }, main] : [main]
}

function withRecord(object: KubeObject, key: string, record: JsonObject): KubeObject {
  const annotations = { ...object.metadata.annotations, [syncerViewAnnotation(key)]: formatRecord(record) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

function without(
  members: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
): Record<string, string> {
  const kept = Object.entries(members ?? {}).filter(([name]) => !names.includes(name))
  return Object.fromEntries(kept)
}
