// What the server owns in metadata: reading it from a body, filling it in at create, keeping it at update.
// Leaves out: rules that answer 422 (metadata-validation.ts).
import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../api/json.ts'
import { clusterAnnotation, type KubeObject, type ObjectMeta } from '../../api/objects.ts'
import { badRequest } from '../../api/status-error.ts'
import { formatTime } from '../../api/time.ts'
import type { ResourceType } from './resource.ts'

type Shape = 'string' | 'number' | 'strings' | 'string-map' | 'objects'

const shapes: Readonly<Record<string, Shape>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'number',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'number',
  labels: 'string-map',
  annotations: 'string-map',
  ownerReferences: 'objects',
  finalizers: 'strings',
  managedFields: 'objects',
}

/** Drops what ObjectMeta does not know, nulls and empty maps, in place; returns the unknown paths. Throws 400 for wrong types. */
export function normalizeMetadata(object: KubeObject): string[] {
  const given: unknown = object.metadata ?? {}
  if (!isJsonObject(given)) throw wrongType('metadata', given, 'v1.ObjectMeta')
  const metadata: JsonObject = {}
  const unknown: string[] = []
  for (const [member, value] of Object.entries(given)) {
    const shape = Object.hasOwn(shapes, member) ? shapes[member] : undefined
    if (shape === undefined) unknown.push(`metadata.${member}`)
    else if (value !== null && value !== undefined && member !== 'selfLink') {
      checkShape(`metadata.${member}`, value, shape)
      // An empty list of managers means: forget who owns what.
      if (!isEmpty(value) || member === 'managedFields') setOwn(metadata, member, value)
    }
  }
  object.metadata = metadata as unknown as ObjectMeta
  return unknown
}

function isEmpty(value: JsonValue): boolean {
  return (
    value === '' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0 && !('rawJSON' in value))
  )
}

function checkShape(path: string, value: JsonValue, shape: Shape): void {
  if (shape === 'string' || shape === 'number') {
    if (typeof value !== shape) throw wrongType(path, value, shape === 'string' ? 'string' : 'int64')
    return
  }
  if (shape === 'string-map') {
    if (!isJsonObject(value)) throw wrongType(path, value, 'map[string]string')
    for (const each of Object.values(value)) if (typeof each !== 'string') throw wrongType(path, each, 'string')
    return
  }
  if (!Array.isArray(value)) throw wrongType(path, value, 'slice')
  for (const each of value) {
    if (shape === 'strings' ? typeof each !== 'string' : !isJsonObject(each)) throw wrongType(path, each, 'element')
  }
}

function wrongType(path: string, value: unknown, goType: string) {
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : isJsonObject(value) ? 'object' : typeof value
  return badRequest(`json: cannot unmarshal ${found} into Go struct field ObjectMeta.${path} of type ${goType}`)
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
  keep(metadata, old, 'deletionTimestamp')
  keep(metadata, old, 'deletionGracePeriodSeconds')
  if (old.uid !== undefined) metadata.uid ??= old.uid
  if (old.creationTimestamp !== undefined) metadata.creationTimestamp ??= old.creationTimestamp
  if (old.generateName !== undefined) metadata.generateName ??= old.generateName
  if (metadata.managedFields === undefined && old.managedFields !== undefined)
    metadata.managedFields = old.managedFields
}

function keep<K extends keyof ObjectMeta>(metadata: ObjectMeta, old: ObjectMeta, member: K): void {
  if (old[member] === undefined) delete metadata[member]
  else metadata[member] = old[member]
}

export function annotateCluster(metadata: ObjectMeta, cluster: string): void {
  metadata.annotations = { ...metadata.annotations, [clusterAnnotation]: cluster }
}
