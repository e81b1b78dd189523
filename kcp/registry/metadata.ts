// What the server owns in metadata: reading it from a body, filling it in at create, keeping it at update.
// Leaves out: rules that answer 422 (metadata-validation.ts).
import type { JsonValue } from '../../api/json.ts'
import { clusterAnnotation, type KubeObject, type ObjectMeta } from '../../api/objects.ts'
import { badRequest, type StatusError } from '../../api/status-error.ts'
import { formatTime } from '../../api/time.ts'
import { decodeObjectMeta } from '../schema/object-meta.ts'
import type { ResourceType } from './resource.ts'

/** Drops what ObjectMeta does not know, nulls and empty maps, in place; returns the unknown paths. Throws 400 for wrong types. */
export function normalizeMetadata(object: KubeObject, type: ResourceType): string[] {
  const given = (object.metadata ?? {}) as unknown as JsonValue
  const decoded = decodeObjectMeta(given, type.origin === 'native' ? type.kind : '')
  if (typeof decoded === 'string') throw cannotHandle(type, decoded)
  object.metadata = decoded.metadata as unknown as ObjectMeta
  return decoded.unknown.map(path => `metadata.${path}`)
}

export function cannotHandle({ version, kind }: Pick<ResourceType, 'version' | 'kind'>, problem: string): StatusError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`)
}

export interface Birth {
  readonly now: Date
  readonly uid: string
  /** Completes a generateName. */
  readonly nameSuffix: () => string
}

const generatedPrefixCharsMax = 58

/** Drops what clients may not set on a new object. */
export function clearServerMetadata(metadata: ObjectMeta): void {
  delete metadata.uid
  delete metadata.generation
  delete metadata.creationTimestamp
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  if (metadata.managedFields?.length === 0) delete metadata.managedFields
}

export function fillNewMetadata(object: KubeObject, type: ResourceType, birth: Birth): void {
  const { metadata } = object
  if (!metadata.name && metadata.generateName) {
    metadata.name = metadata.generateName.slice(0, generatedPrefixCharsMax) + birth.nameSuffix()
  }
  metadata.uid = birth.uid
  metadata.creationTimestamp = formatTime(birth.now)
  if (hasGeneration(type)) metadata.generation = 1
}

/** Native kinds that have a generation set it themselves when created; all others have one. */
function hasGeneration(type: ResourceType): boolean {
  return type.origin !== 'native'
}

/** What an update may not change; absent members are taken from the old object so that they need not be sent. */
export function keepServerMetadata(metadata: ObjectMeta, old: ObjectMeta): void {
  keep(metadata, old, 'generation')
  keep(metadata, old, 'creationTimestamp')
  keep(metadata, old, 'deletionTimestamp')
  keep(metadata, old, 'deletionGracePeriodSeconds')
  if (old.uid !== undefined) metadata.uid ??= old.uid
  if (old.generateName !== undefined) metadata.generateName ??= old.generateName
}

function keep<K extends keyof ObjectMeta>(metadata: ObjectMeta, old: ObjectMeta, member: K): void {
  if (old[member] === undefined) delete metadata[member]
  else metadata[member] = old[member]
}

export function annotateCluster(metadata: ObjectMeta, cluster: string): void {
  metadata.annotations = { ...metadata.annotations, [clusterAnnotation]: cluster }
}
