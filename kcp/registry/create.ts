// CREATE of one object: body → defaults → admission → rules → store.
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import { alreadyExists, failure, isAlreadyExists, StatusError } from '../../api/status-error.ts'
import { invalidObject, readBody } from './body-checks.ts'
import { trackFields } from './field-ownership.ts'
import { keyOfObject } from './keys.ts'
import { annotateCluster, clearServerMetadata, fillNewMetadata } from './metadata.ts'
import { validateNewMetadata } from './metadata-validation.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { asWriteError } from './storage-errors.ts'
import { encodeStored, parseStored, type StoredObject } from './stored-object.ts'

export async function createObject(parts: RegistryParts, target: WriteTarget, body: JsonValue): Promise<StoredObject> {
  const { type } = target
  if (type.terminating) {
    const text = 'create not allowed while custom resource definition is terminating'
    throw failure(405, 'MethodNotAllowed', text, { group: type.group, kind: type.resource })
  }
  const object = readBody(body, target)
  if (object.metadata.resourceVersion && !target.context.dryRun)
    throw failure(500, '', 'resourceVersion should not be set on objects to be created')
  return createRead(parts, target, object)
}

/** The same for an object that was read before, for writes that create what they do not find. */
export async function createRead(parts: RegistryParts, target: WriteTarget, object: KubeObject): Promise<StoredObject> {
  prepareNew(object, target)
  return createOwned(parts, target, trackFields(object, undefined, target))
}

/** Drops what clients may not set, fills in defaults. */
export function prepareNew(object: KubeObject, { type }: WriteTarget, nulls?: 'kept'): void {
  clearServerMetadata(object.metadata)
  if (type.subresources.status) delete object.status
  type.schema.applyDefaults(object, nulls)
}

/** The same for an object that has its owners, and its defaults. */
export async function createOwned(
  parts: RegistryParts,
  target: WriteTarget,
  object: KubeObject,
): Promise<StoredObject> {
  const { type, context } = target
  delete object.metadata.resourceVersion
  const admissionRequest = {
    operation: 'CREATE',
    type,
    subresource: '',
    namespace: target.namespace,
    name: object.metadata.name ?? '',
    object,
    context,
  } as const
  await parts.admission.mutate(admissionRequest)
  fillNewMetadata(object, type, { now: context.now, uid: parts.newUid(), nameSuffix: parts.nameSuffix })
  type.strategy.prepareForCreate?.(object, context)
  if (parts.annotatesCluster) annotateCluster(object.metadata, context.cluster)
  checkNewObject(object, target)
  await parts.admission.validate({ ...admissionRequest, name: object.metadata.name })
  return storeNew(parts, target, object)
}

export interface OwnTarget extends WriteTarget {
  /** Objects of a type with the same text here have the same fields; absent: they must be looked at. */
  readonly shape?: string | undefined
}

/** What the server itself makes: with its status and, when given, its uid. Nobody is asked and nothing is checked. */
export function createOwn(parts: RegistryParts, target: OwnTarget, object: KubeObject): Promise<StoredObject> {
  const { type, context } = target
  const { status, metadata } = object
  const known = knownParts(object)
  if (!known) type.schema.applyDefaults(object)
  object.metadata = known ? { ...metadata, managedFields: known.managedFields } : withOwnFields(object, target)
  type.strategy.prepareForCreate?.(object, context)
  if (status !== undefined) object.status = status
  fillNewMetadata(object, type, { now: context.now, uid: metadata.uid ?? parts.newUid(), nameSuffix: parts.nameSuffix })
  if (parts.annotatesCluster) annotateCluster(object.metadata, context.cluster)
  return storeNew(parts, target, object)
}

interface Parts {
  readonly spec: unknown
  readonly labels: unknown
  readonly annotations: unknown
  readonly finalizers: unknown
  readonly managedFields: NonNullable<ObjectMeta['managedFields']>
}

/** By status. The bindings of new workspaces are made of the same parts again and again: their fields are, too. */
const fieldsOfParts = new WeakMap<object, Parts>()

/** Their defaults were applied when these parts were seen first. */
function knownParts({ spec, status, metadata }: KubeObject): Parts | undefined {
  const { labels, annotations, finalizers } = metadata
  const known = isJsonObject(status) ? fieldsOfParts.get(status) : undefined
  const isSame = known?.spec === spec && known?.labels === labels && known?.annotations === annotations
  return isSame && known?.finalizers === finalizers ? known : undefined
}

interface Entries {
  /** Of the times in them. */
  readonly second: number
  readonly managedFields: NonNullable<ObjectMeta['managedFields']>
}

const entriesOfShapes = new WeakMap<ResourceType, Map<string, Entries>>()

function withOwnFields(object: KubeObject, target: OwnTarget): ObjectMeta {
  const { type, shape, context } = target
  const second = Math.floor(context.now.getTime() / 1000)
  const shapes = entriesOfShapes.get(type) ?? new Map<string, Entries>()
  const entries = shape === undefined ? undefined : shapes.get(shape)
  if (entries?.second === second) return { ...object.metadata, managedFields: entries.managedFields }
  const { metadata } = trackFields(object, undefined, { ...target, isWhole: true })
  const { managedFields = [] } = metadata
  if (shape !== undefined) entriesOfShapes.set(type, shapes.set(shape, { second, managedFields }))
  const { spec, status } = object
  const { labels, annotations, finalizers } = metadata
  if (isJsonObject(status)) fieldsOfParts.set(status, { spec, labels, annotations, finalizers, managedFields })
  return metadata
}

function checkNewObject(object: KubeObject, { type }: WriteTarget): void {
  const errors = [
    ...validateNewMetadata(object, type),
    ...type.schema.validate(object),
    ...(type.strategy.validate?.(object) ?? []),
  ]
  if (errors.length > 0) throw invalidObject(type, object.metadata.name ?? '', errors)
}

async function storeNew(
  parts: RegistryParts,
  { type, context }: WriteTarget,
  object: KubeObject,
): Promise<StoredObject> {
  const { namespace = '', name } = object.metadata
  const key = keyOfObject(type, { cluster: context.cluster, namespace, name })
  const value = encodeStored(type, object)
  if (context.dryRun) {
    if (await parts.store.get(key)) throw await existing(parts, key, alreadyExists(type, name))
    return { key, value, revision: 0 }
  }
  try {
    return { key, value, revision: await parts.store.create(key, value) }
  } catch (error) {
    throw await existing(parts, key, asWriteError(error, type, name))
  }
}

/** Whose name is still held by an object that goes is told so. */
async function existing(parts: RegistryParts, key: string, error: unknown): Promise<unknown> {
  if (!isAlreadyExists(error)) return error
  const stored = await parts.store.get(key)
  const isGoing = stored !== undefined && parseStored(stored).metadata.deletionTimestamp !== undefined
  return isGoing ? new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` }) : error
}
