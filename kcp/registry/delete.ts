// DELETE of one object: gone at once, or marked while finalizers (or its kind) hold it.
import { copyJson, equalJson } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { conflict, notFound, StatusError } from '../../api/status-error.ts'
import { formatTime } from '../../api/time.ts'
import { keyOfObject } from './keys.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { asWriteError, isStoreError } from './storage-errors.ts'
import { encodeStored, parseObject, parseStored, type StoredObject } from './stored-object.ts'

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan'

export interface DeleteOptions {
  readonly uid?: string
  readonly resourceVersion?: string
  readonly propagationPolicy?: PropagationPolicy
}

export interface DeleteResult {
  /** The object as it is now, or as it was last. */
  readonly stored: StoredObject
  readonly object: KubeObject
  /** False: it is only marked, and stays until its finalizers are gone. */
  readonly gone: boolean
}

const attemptsMax = 100

export async function deleteObject(
  parts: RegistryParts,
  target: WriteTarget,
  options: DeleteOptions,
): Promise<DeleteResult> {
  const { type, context, namespace, name } = target
  const key = keyOfObject(type, { cluster: context.cluster, namespace, name })
  for (let attempt = 1; ; attempt++) {
    const current = await parts.store.get(key)
    if (!current) throw notFound(type, name)
    try {
      return await deleteStored(parts, { ...target, current }, options)
    } catch (error) {
      if (!isStoreError(error, 'RevisionMismatch') || attempt === attemptsMax) throw asWriteError(error, type, name)
    }
  }
}

interface StoredTarget extends WriteTarget {
  readonly current: StoredObject
}

async function deleteStored(parts: RegistryParts, target: StoredTarget, options: DeleteOptions): Promise<DeleteResult> {
  const { type, current, namespace, name, context } = target
  const old = readToDelete(type, current)
  checkPreconditions(old, target, options)
  const request = { operation: 'DELETE', type, subresource: '', namespace, name, old, context } as const
  await parts.admission.mutate(request)
  await parts.admission.validate(request)
  const object = copyJson(old)
  applyPropagationPolicy(object, options.propagationPolicy)
  if (!isHeld(object, type)) {
    if (context.dryRun) return { stored: current, object, gone: true }
    const revision = await parts.store.delete(current.key, current.revision)
    return { stored: { ...current, revision }, object, gone: true }
  }
  markDeleted(object, target)
  if (context.dryRun || equalJson(object, old)) return { stored: current, object, gone: false }
  const value = encodeStored(type, object)
  const revision = await parts.store.update(current.key, value, current.revision)
  return { stored: { key: current.key, value, revision }, object, gone: false }
}

/** Also what cannot be served, as where a webhook would have to convert it: nobody's objects become undeletable. */
function readToDelete(type: ResourceType, current: StoredObject): KubeObject {
  try {
    return parseObject(type, current)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return { ...parseStored(current), apiVersion: apiVersionOf(type) }
  }
}

function checkPreconditions({ metadata }: KubeObject, { type, name }: WriteTarget, options: DeleteOptions): void {
  const subject = { group: type.group, resource: type.kind }
  if (options.uid !== undefined && options.uid !== metadata.uid) {
    const text = `the UID in the precondition (${options.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
    throw conflict(subject, name, text)
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== metadata.resourceVersion) {
    const text = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw conflict(subject, name, text)
  }
}

const foregroundFinalizer = 'foregroundDeletion'
const orphanFinalizer = 'orphan'

/** Foreground and Orphan are finalizers that the garbage collector removes when it has done its part. */
function applyPropagationPolicy({ metadata }: KubeObject, policy: PropagationPolicy | undefined): void {
  if (policy === undefined) return
  const wanted = policy === 'Foreground' ? foregroundFinalizer : policy === 'Orphan' ? orphanFinalizer : undefined
  const others = (metadata.finalizers ?? []).filter(each => each !== foregroundFinalizer && each !== orphanFinalizer)
  const finalizers = wanted === undefined ? others : [...others, wanted]
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
}

function isHeld(object: KubeObject, type: ResourceType): boolean {
  return (object.metadata.finalizers ?? []).length > 0 || type.strategy.mayDeleteNow?.(object) === false
}

function markDeleted(object: KubeObject, { type, context }: WriteTarget): void {
  const { metadata } = object
  if (metadata.deletionTimestamp !== undefined) return
  metadata.deletionTimestamp = formatTime(context.now)
  metadata.deletionGracePeriodSeconds = 0
  if (metadata.generation !== undefined) metadata.generation++
  type.strategy.onDeletionMarked?.(object, context)
}
