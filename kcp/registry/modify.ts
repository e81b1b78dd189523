// The one read-modify-write: current object → changed object → admission → rules → store, and again when somebody else
// was faster (a client that named a resourceVersion then gets its 409). PUT, PATCH and subresources differ in `change`.
import { copyJson, equalJson } from '../../api/json.ts'
import { apiVersionOf, type KubeObject, type ObjectMeta } from '../../api/objects.ts'
import { ignoredByMain, ignoredByStatus } from '../../api/patch/apply/ownership.ts'
import { updateManagedFields } from '../../api/patch/apply/update-managed-fields.ts'
import { conflict, invalid, notFound } from '../../api/status-error.ts'
import { keyOfObject } from './keys.ts'
import { annotateCluster, keepServerMetadata } from './metadata.ts'
import { validateChangedMetadata } from './metadata-validation.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { asWriteError, isStoreError } from './storage-errors.ts'
import { encodeObject, parseObject, type StoredObject } from './stored-object.ts'

export interface Modification {
  /** The object as this write wants it. `old` may be changed and returned. */
  change(old: KubeObject): KubeObject | Promise<KubeObject>
  /** The change has moved the ownership of fields itself (apply). */
  readonly movesOwnership?: boolean
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
      if (!current) throw notFound(type, name)
      return { stored: await modifyStored(parts, { ...target, current }, modification), created: false }
    } catch (error) {
      const isRace = isStoreError(error, 'RevisionMismatch') || isStoreError(error, 'KeyNotFound')
      if (!isRace || attempt === attemptsMax) throw asWriteError(error, type, name)
    }
  }
}

interface StoredTarget extends WriteTarget {
  readonly current: StoredObject
}

async function modifyStored(parts: RegistryParts, target: StoredTarget, modification: Modification) {
  const { type, context, current } = target
  const old = parseObject(type, current)
  const changed = await modification.change(copyJson(old))
  checkPreconditions(changed.metadata, old.metadata, target)
  restoreProtected(changed, old, target)
  const object = modification.movesOwnership ? changed : trackOwnership(changed, old, target)
  if (parts.annotatesCluster) annotateCluster(object.metadata, context.cluster)
  await admitAndCheck(parts, target, { object, old })
  return write(parts, target, { object, old })
}

function checkPreconditions(metadata: ObjectMeta, old: ObjectMeta, target: StoredTarget): void {
  const { type, name, current } = target
  const version = metadata.resourceVersion
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
  if (metadata.uid !== undefined && old.uid !== undefined && metadata.uid !== old.uid) {
    throw conflict(type, name, uidMismatchText(current.key, metadata.uid, old.uid))
  }
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

/** Each endpoint changes its own part: the main one not the status, `status` nothing else. */
function restoreProtected(object: KubeObject, old: KubeObject, { type, subresource, isWhole }: WriteTarget): void {
  if (subresource === 'status') {
    const { status } = object
    const { managedFields, annotations } = object.metadata
    for (const member of Object.keys(object)) delete object[member]
    Object.assign(object, copyJson(old))
    setStatus(object, status)
    if (managedFields) object.metadata.managedFields = managedFields
    takeOverAnnotations(object.metadata, annotations ?? {}, type.strategy.statusAnnotationPrefix)
    return
  }
  keepServerMetadata(object.metadata, old.metadata)
  if (subresource === '' && type.subresources.status && !isWhole) setStatus(object, old.status)
}

/** Annotations of this prefix belong to the status: they are added, changed and removed with it. */
function takeOverAnnotations(metadata: ObjectMeta, sent: Record<string, string>, prefix: string | undefined): void {
  if (prefix === undefined) return
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith(prefix))
  const taken = Object.entries(sent).filter(([key]) => key.startsWith(prefix))
  if (own.length + taken.length > 0) metadata.annotations = Object.fromEntries([...own, ...taken])
  else delete metadata.annotations
}

function setStatus(object: KubeObject, status: unknown): void {
  if (status === undefined) delete object.status
  else object.status = status
}

/** Who owns which field is kept for objects that were applied once; for the others it would only cost. */
function trackOwnership(after: KubeObject, before: KubeObject, target: WriteTarget): KubeObject {
  if (before.metadata.managedFields === undefined) return after
  const { type, subresource, fieldManager, context } = target
  return updateManagedFields({
    before,
    after,
    topology: type.schema.topology,
    manager: fieldManager,
    apiVersion: apiVersionOf(type),
    subresource,
    now: context.now,
    ignore: ignoredFields(target),
  })
}

/** Fields that a write to this endpoint does not set. */
export function ignoredFields({ type, subresource }: WriteTarget) {
  if (subresource === 'status') return ignoredByStatus
  return type.subresources.status ? ignoredByMain : undefined
}

interface Change {
  readonly object: KubeObject
  readonly old: KubeObject
}

async function admitAndCheck(parts: RegistryParts, target: WriteTarget, { object, old }: Change): Promise<void> {
  const { type, subresource, namespace, name, context } = target
  type.schema.applyDefaults(object)
  const request = { operation: 'UPDATE', type, subresource, namespace, name, object, old, context } as const
  await parts.admission.mutate(request)
  type.strategy.prepareForUpdate?.(object, old, subresource, context)
  raiseGeneration({ object, old }, type)
  const errors = [
    ...validateChangedMetadata(object.metadata, old.metadata),
    ...type.schema.validate(object, old),
    ...(type.strategy.validateUpdate?.(object, old, subresource) ?? []),
  ]
  if (errors.length > 0) throw invalid(type, name, errors)
  await parts.admission.validate(request)
}

/** generation counts changes of what users ask for: everything but metadata and, where it has its own endpoint, status. */
function raiseGeneration({ object, old }: Change, type: ResourceType): void {
  const { generation } = old.metadata
  if (generation === undefined) return
  const asked = ({ metadata: _m, status, ...rest }: KubeObject) =>
    type.subresources.status ? rest : { ...rest, status }
  if (!equalJson(asked(object), asked(old))) object.metadata.generation = generation + 1
}

async function write(parts: RegistryParts, target: StoredTarget, { object, old }: Change): Promise<StoredObject> {
  const { type, context, current } = target
  object.metadata.resourceVersion = old.metadata.resourceVersion ?? ''
  const isFinished = isReadyToGo(object, type)
  if (!isFinished && equalJson(object, old)) return current
  const value = encodeObject(object, apiVersionOf({ group: type.group, version: type.storageVersion }))
  if (context.dryRun) return { ...current, value }
  if (isFinished) return { key: current.key, value, revision: await parts.store.delete(current.key, current.revision) }
  return { key: current.key, value, revision: await parts.store.update(current.key, value, current.revision) }
}

/** Marked for deletion, and nobody holds it any more. */
export function isReadyToGo(object: KubeObject, type: ResourceType): boolean {
  const { deletionTimestamp, finalizers = [] } = object.metadata
  if (deletionTimestamp === undefined || finalizers.length > 0) return false
  return type.strategy.mayDeleteNow?.(object) ?? true
}
