// The one read-modify-write: current object → changed object → admission → rules → store, and again when somebody else
// was faster (a client that named a resourceVersion then gets its 409). PUT, PATCH and subresources differ in `change`.
import { copyJson, equalJson } from '../../api/json.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import { sameOwners } from '../../api/patch/apply/update-managed-fields.ts'
import { conflict, failure, invalid, notFound } from '../../api/status-error.ts'
import { invalidObject } from './body-checks.ts'
import { trackFields } from './field-ownership.ts'
import { keyOfObject } from './keys.ts'
import { annotateCluster } from './metadata.ts'
import { validateChangedMetadata, validateServerMetadata } from './metadata-validation.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import { restoreProtected } from './protected-fields.ts'
import type { ResourceType } from './resource.ts'
import { asWriteError, isStoreError } from './storage-errors.ts'
import { encodeStored, isKept, parseObject, type StoredObject } from './stored-object.ts'

export interface Modification {
  /** The object as this write wants it. `old` may be changed and returned. */
  change(old: KubeObject): KubeObject | Promise<KubeObject>
  /** The change has moved the ownership of fields itself (apply). */
  readonly movesOwnership?: boolean
  /** Of the object this is about, when its writer said so. */
  readonly uid?: string | undefined
  /** Makes the object when it is missing; 404 without this. */
  create?(): Promise<StoredObject>
}

export interface WriteResult {
  readonly stored: StoredObject
  readonly created: boolean
}

/** Writers of one object at the same time make each other try again. */
const attemptsMax = 100

export async function modifyObject(
  parts: RegistryParts,
  target: WriteTarget,
  modification: Modification,
): Promise<WriteResult> {
  const { type, context, namespace, name } = target
  const key = keyOfObject(type, { cluster: context.cluster, namespace, name })
  for (let attempt = 1; ; attempt++) {
    const current = await parts.store.get(key)
    try {
      if (!current && modification.create) return { stored: await modification.create(), created: true }
      if (!current) throw modification.uid === undefined ? notFound(type, name) : goneUid(key, target, modification.uid)
      return { stored: await modifyStored(parts, { ...target, current }, modification), created: false }
    } catch (error) {
      const isRace = isStoreError(error, 'RevisionMismatch') || isStoreError(error, 'KeyNotFound')
      if (!isRace || attempt === attemptsMax) throw asWriteError(error, type, name)
    }
  }
}

/** The entries of managedFields are not copied: nobody changes one in place. */
function copyForChange({ metadata: { managedFields, ...metadata }, ...members }: KubeObject): KubeObject {
  const copy = copyJson({ ...members, metadata }) as KubeObject
  if (managedFields !== undefined) copy.metadata.managedFields = managedFields
  return copy
}

interface StoredTarget extends WriteTarget {
  readonly current: StoredObject
}

async function modifyStored(parts: RegistryParts, target: StoredTarget, modification: Modification) {
  const { type, context, current } = target
  const old = parseObject(type, current)
  const changed = await modification.change(copyForChange(old))
  checkPreconditions(changed.metadata, old.metadata, target)
  checkServerMetadata(changed.metadata, old.metadata, target)
  type.schema.applyDefaults(changed, modification.movesOwnership ? 'kept' : undefined)
  const object = modification.movesOwnership ? changed : trackFields(changed, old, target)
  restoreProtected(object, old, target)
  if (parts.annotatesCluster) annotateCluster(object.metadata, context.cluster)
  await admitAndCheck(parts, target, { object, old })
  return write(parts, target, { object, old })
}

function checkPreconditions(metadata: ObjectMeta, old: ObjectMeta, target: StoredTarget): void {
  const { type, name, current } = target
  if (metadata.uid !== undefined && old.uid !== undefined && metadata.uid !== old.uid) {
    throw conflict(type, name, uidMismatchText(current.key, metadata.uid, old.uid))
  }
  const version = sentVersion(metadata)
  if (version === undefined && !mayUpdateUnconditionally(type)) {
    throw invalid({ group: type.group, kind: type.resource }, name, [
      {
        field: 'metadata.resourceVersion',
        type: 'FieldValueInvalid',
        message: 'Invalid value: 0x0: must be specified for an update',
      },
    ])
  }
  if (version !== undefined && version !== old.resourceVersion) throw conflict(type, name)
}

/** The status of a custom resource changes nothing else. */
function checkServerMetadata(metadata: ObjectMeta, old: ObjectMeta, { type, name, subresource }: WriteTarget): void {
  if (subresource === 'status' && type.origin !== 'native') return
  const errors = validateServerMetadata(metadata, old)
  if (errors.length > 0) throw invalid(type, name, errors)
}

/** Zero is no version. Kubernetes answers 500 without a reason where it is no number. */
function sentVersion({ resourceVersion = '' }: ObjectMeta): string | undefined {
  if (!/^\d*$/.test(resourceVersion)) {
    throw failure(500, '', `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`)
  }
  return /^0*$/.test(resourceVersion) ? undefined : resourceVersion
}

/** Kubernetes compares uids before it finds that there is no object. */
export function goneUid(key: string, { type, name }: WriteTarget, uid: string) {
  return conflict(type, name, uidMismatchText(key, uid, ''))
}

function uidMismatchText(key: string, wanted: string, found: string): string {
  return (
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
    `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`
  )
}

function mayUpdateUnconditionally(type: ResourceType): boolean {
  return type.strategy.unconditionalUpdate ?? type.origin === 'native'
}

export interface Change {
  /** As it shall be; its metadata may be changed. */
  readonly object: KubeObject
  readonly old: KubeObject
}

async function admitAndCheck(parts: RegistryParts, target: WriteTarget, { object, old }: Change): Promise<void> {
  const { type, subresource, namespace, name, context } = target
  const request = { operation: 'UPDATE', type, subresource, namespace, name, object, old, context } as const
  await parts.admission.mutate(request)
  type.strategy.prepareForUpdate?.(object, old, subresource, context)
  raiseGeneration({ object, old }, target)
  const errors = [
    ...validateChangedMetadata(object.metadata, old.metadata, type),
    ...type.schema.validate(object, old, context.warn),
    ...(type.strategy.validateUpdate?.(object, old, subresource) ?? []),
  ]
  if (errors.length > 0) throw invalidObject(type, name, errors)
  await parts.admission.validate(request)
}

/** generation counts changes of what users ask for: everything but metadata and, where it has its own endpoint, status. */
function raiseGeneration({ object, old }: Change, { type, subresource }: WriteTarget): void {
  const { generation } = old.metadata
  if (generation === undefined) return
  const asked = ({ metadata: _m, status, ...rest }: KubeObject) =>
    type.subresources.status ? rest : { ...rest, status }
  const { annotations } = object.metadata
  const countsAnnotations = subresource === '' && type.strategy.countsAnnotations === true
  const isCounted = countsAnnotations && !equalJson(annotations, old.metadata.annotations)
  if (isCounted || !equalJson(asked(object), asked(old))) object.metadata.generation = generation + 1
}

async function write(parts: RegistryParts, target: StoredTarget, { object, old }: Change): Promise<StoredObject> {
  const { type, context, current } = target
  object.metadata.resourceVersion = old.metadata.resourceVersion ?? ''
  const isFinished = isReadyToGo(object, type)
  if (!isFinished && isKept(type, current.value) && isSame(object, old)) return current
  const value = encodeStored(type, object)
  if (context.dryRun) return { ...current, value }
  if (isFinished) {
    await parts.store.delete(current.key, current.revision)
    return { ...current, value }
  }
  return { key: current.key, value, revision: await parts.store.update(current.key, value, current.revision) }
}

/**
 * What the server itself makes of an object it has read: metadata, spec and status at once. Nobody is asked and nothing
 * is checked but that it is still what was read.
 */
export async function updateOwn(
  parts: RegistryParts,
  target: WriteTarget,
  { object, old }: Change,
): Promise<KubeObject> {
  const { type, context, namespace } = target
  const { name, resourceVersion } = old.metadata
  const owned = trackFields(object, old, { ...target, isWhole: true })
  raiseGeneration({ object: owned, old }, target)
  const key = keyOfObject(type, { cluster: context.cluster, namespace, name })
  try {
    const revision = await parts.store.update(key, encodeStored(type, owned), Number(resourceVersion))
    return { ...owned, metadata: { ...owned.metadata, resourceVersion: String(revision) } }
  } catch (error) {
    throw asWriteError(error, type, name)
  }
}

/** Whether nothing changed but, at most, the times of owners. */
function isSame(object: KubeObject, old: KubeObject): boolean {
  const { managedFields: owners, ...metadata } = object.metadata
  const { managedFields: oldOwners, ...oldMetadata } = old.metadata
  return (
    sameOwners(owners, oldOwners) &&
    equalJson(metadata, oldMetadata) &&
    equalJson({ ...object, metadata: null }, { ...old, metadata: null })
  )
}

/** Marked for deletion, and nobody holds it any more. */
export function isReadyToGo(object: KubeObject, type: ResourceType): boolean {
  const { deletionTimestamp, finalizers = [] } = object.metadata
  if (deletionTimestamp === undefined || finalizers.length > 0) return false
  return type.strategy.mayDeleteNow?.(object) ?? true
}
