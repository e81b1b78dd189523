// ObjectMeta as Go decodes and validates it, at the top of an object and in resources embedded in others.
// Leaves out: the rule of a name, which is each kind's own, and what updates may not change.
import {
  goKind,
  isJsonObject,
  isRawNumber,
  type JsonObject,
  type JsonValue,
  numberValue,
  setOwn,
} from '../../api/json.ts'
import {
  checkAnnotationKey,
  checkDnsLabel,
  checkLabelValue,
  checkPrefix,
  checkQualifiedName,
} from '../../api/names/rules.ts'
import type { FieldError } from '../../api/status-error.ts'
import { parseTime } from '../../api/time.ts'
import { invalidGoValue, invalidValue, tooLong } from './field-errors.ts'
import { indexPath, memberPath } from './field-path.ts'
import { goNumberToken, isGoInt64, isInteger } from './go-value.ts'

type Shape =
  | 'string'
  | 'uid'
  | 'integer'
  | 'boolean'
  | 'time'
  | 'any'
  | readonly ['map']
  | readonly ['list', Struct | 'string']

interface Struct {
  readonly name: string
  readonly members: Readonly<Record<string, Shape>>
}

const ownerReference: Struct = {
  name: 'OwnerReference',
  members: {
    apiVersion: 'string',
    kind: 'string',
    name: 'string',
    uid: 'uid',
    controller: 'boolean',
    blockOwnerDeletion: 'boolean',
  },
}

const managedFieldsEntry: Struct = {
  name: 'ManagedFieldsEntry',
  members: {
    manager: 'string',
    operation: 'string',
    apiVersion: 'string',
    time: 'time',
    fieldsType: 'string',
    fieldsV1: 'any',
    subresource: 'string',
  },
}

const objectMeta: Struct = {
  name: 'ObjectMeta',
  members: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'uid',
    resourceVersion: 'string',
    generation: 'integer',
    creationTimestamp: 'time',
    deletionTimestamp: 'time',
    deletionGracePeriodSeconds: 'integer',
    labels: ['map'],
    annotations: ['map'],
    ownerReferences: ['list', ownerReference],
    finalizers: ['list', 'string'],
    managedFields: ['list', managedFieldsEntry],
  },
}

export interface DecodedMeta {
  /** What ObjectMeta knows, without nulls and empty members. */
  readonly metadata: JsonObject
  /** Paths of members it does not know, from the metadata. */
  readonly unknown: readonly string[]
}

/** What Go says about a value of a wrong type. */
class DecodeError extends Error {}

/**
 * A text is what Go says about the first value of a wrong type. `owner`: the Go struct that has it as a field; '' where
 * it is decoded alone, as for custom resources.
 */
export function decodeObjectMeta(given: JsonValue, owner = ''): DecodedMeta | string {
  if (given === null) return { metadata: {}, unknown: [] }
  if (!isJsonObject(given)) {
    const place = owner === '' ? 'Go value' : `Go struct field ${owner}.metadata`
    return `json: cannot unmarshal ${goKind(given)} into ${place} of type v1.ObjectMeta`
  }
  const unknown: string[] = []
  const names = owner === '' ? '' : 'metadata'
  try {
    return { metadata: decodeStruct(given, objectMeta, { path: '', struct: objectMeta.name, names, unknown }), unknown }
  } catch (error) {
    if (error instanceof DecodeError) return error.message
    throw error
  }
}

interface Place {
  /** From the metadata. */
  readonly path: string
  /** The struct field as Go names it: `ObjectMeta` and `labels`, `OwnerReference` and `ownerReferences.name`. */
  readonly struct: string
  readonly names: string
  readonly unknown: string[]
}

function decodeStruct(given: JsonObject, struct: Struct, place: Place): JsonObject {
  const decoded: JsonObject = {}
  for (const [member, value] of Object.entries(given)) {
    const path = memberPath(place.path, member)
    const shape = Object.hasOwn(struct.members, member) ? struct.members[member] : undefined
    if (shape === undefined) place.unknown.push(path)
    else if (value !== null && value !== undefined) {
      const kept = decodeValue(value, shape, { ...place, path, names: memberPath(place.names, member) })
      // An empty list of managers means: forget who owns what.
      if (!isEmpty(kept) || member === 'managedFields' || struct !== objectMeta) setOwn(decoded, member, kept)
    }
  }
  delete decoded.selfLink
  return decoded
}

function isEmpty(value: JsonValue): boolean {
  if (value === '') return true
  return typeof value === 'object' && value !== null && !isRawNumber(value) && Object.keys(value).length === 0
}

function decodeValue(value: JsonValue, shape: Shape, place: Place): JsonValue {
  switch (shape) {
    case 'any':
      return value
    case 'string':
      return typeof value === 'string' ? value : refuse(value, place, 'string')
    case 'uid':
      return typeof value === 'string' ? value : refuse(value, place, 'types.UID')
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(value, place, 'bool')
    case 'integer':
      return decodeInteger(value, place)
    case 'time':
      if (typeof value !== 'string') return refuse(value, place, 'string')
      return parseTime(value) === undefined ? refuseTime(value) : value
  }
  if (shape[0] === 'map') {
    if (!isJsonObject(value)) return refuse(value, place, 'map[string]string')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decodeText(each ?? null, place)]))
  }
  const [, item] = shape
  if (!Array.isArray(value)) return refuse(value, place, `[]${item === 'string' ? 'string' : `v1.${item.name}`}`)
  return value.map((each, index) => {
    if (item === 'string') return decodeText(each, place)
    if (!isJsonObject(each)) return refuse(each, place, `v1.${item.name}`)
    return decodeStruct(each, item, { ...place, path: indexPath(place.path, index), struct: item.name })
  })
}

/** Custom resources come through floats. */
function decodeInteger(value: JsonValue, place: Place): JsonValue {
  const fits = place.names.startsWith('metadata') ? isGoInt64(value) : isInteger(value)
  if (!fits) return refuse(value, place, 'int64')
  return place.names.startsWith('metadata') ? value : (numberValue(value) ?? value)
}

/** Null is the empty text. */
function decodeText(value: JsonValue, place: Place): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : refuse(value, place, 'string')
}

function refuse(value: JsonValue, { struct, names }: Place, type: string): never {
  const field = `${struct}.${names}`
  const token = type === 'int64' ? goNumberToken(value) : goKind(value)
  throw new DecodeError(`json: cannot unmarshal ${token} into Go struct field ${field} of type ${type}`)
}

function refuseTime(text: string): never {
  const quoted = JSON.stringify(text)
  throw new DecodeError(`parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`)
}

const annotationsBytesLimit = 256 * 1024

/** Labels, annotations, owners, finalizers and managers. */
export function checkObjectMeta(metadata: JsonObject, path: string): FieldError[] {
  const texts = (name: string) => (isJsonObject(metadata[name]) ? metadata[name] : {})
  return [
    ...checkNumbers(metadata, path),
    ...Object.entries(texts('labels')).flatMap(([key, value]) => [
      ...checkQualifiedName(key).map(text => invalidValue(`${path}.labels`, key, text)),
      ...checkLabelValue(String(value)).map(text => invalidValue(`${path}.labels`, value, text)),
    ]),
    ...checkAnnotations(texts('annotations'), path),
    ...checkOwners(list(metadata, 'ownerReferences').filter(isJsonObject), path),
    ...list(metadata, 'finalizers').flatMap(each =>
      checkQualifiedName(String(each)).map(text => invalidValue(`${path}.finalizers`, each, text)),
    ),
    ...checkManagers(list(metadata, 'managedFields').filter(isJsonObject), path),
  ]
}

function list(metadata: JsonObject, name: string): readonly JsonValue[] {
  const value = metadata[name]
  return Array.isArray(value) ? value : []
}

/** What names, namespaces and generateName of embedded resources may be. */
export function checkMetaNames(
  metadata: JsonObject,
  path: string,
  checkName: (name: string) => string[],
): FieldError[] {
  const text = (name: string) => (typeof metadata[name] === 'string' ? metadata[name] : '')
  const [name, generateName, namespace] = [text('name'), text('generateName'), text('namespace')]
  return [
    ...checkPrefix(checkName, generateName).map(problem => invalidValue(`${path}.generateName`, generateName, problem)),
    ...checkName(name).map(problem => invalidValue(`${path}.name`, name, problem)),
    ...(namespace === '' ? [] : checkDnsLabel(namespace)).map(problem =>
      invalidValue(`${path}.namespace`, namespace, problem),
    ),
  ]
}

function checkNumbers({ generation }: JsonObject, path: string): FieldError[] {
  const number = numberValue(generation)
  if (number === undefined || number >= 0) return []
  return [invalidValue(`${path}.generation`, generation, 'must be greater than or equal to 0')]
}

function checkAnnotations(annotations: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(String(value))
    errors.push(...checkAnnotationKey(key).map(text => invalidValue(`${path}.annotations`, key, text)))
  }
  if (bytes > annotationsBytesLimit) errors.push(tooLong(`${path}.annotations`, annotationsBytesLimit))
  return errors
}

const ownerMembers = { apiVersion: 'version', kind: 'kind', name: 'name', uid: 'uid' } as const

/** The path has no index, as Kubernetes prints it. */
function checkOwners(owners: readonly JsonObject[], path: string): FieldError[] {
  const field = `${path}.ownerReferences`
  let controller: string | undefined
  return owners.flatMap(owner => {
    const errors: FieldError[] = Object.entries(ownerMembers)
      .filter(([member]) => !owner[member] || (member === 'apiVersion' && String(owner[member]).split('/').length > 2))
      .map(([member, word]) => invalidValue(`${field}.${member}`, owner[member] ?? '', `${word} must not be empty`))
    if (isEvent(owner)) errors.push(disallowedOwner(field, owner))
    if (owner.controller !== true) return errors
    const name = `${String(owner.kind)}/${String(owner.name)}`
    if (controller !== undefined) {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`
      errors.push({ field, type: 'FieldValueInvalid', message: `Invalid value: ${text}` })
    }
    controller ??= name
    return errors
  })
}

/** Events are cheap and pass: nothing may live as long as one. */
function isEvent({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === 'v1' && kind === 'Event'
}

function disallowedOwner(field: string, { apiVersion, kind, name, uid }: JsonObject): FieldError {
  const texts = Object.entries({ APIVersion: apiVersion, Kind: kind, Name: name, UID: uid ?? '' })
  const members = texts.map(([member, text]) => `${member}:${JSON.stringify(text)}`).join(', ')
  const printed = `v1.OwnerReference{${members}, Controller:(*bool)(nil), BlockOwnerDeletion:(*bool)(nil)}`
  return invalidGoValue(field, printed, '/v1, Kind=Event is disallowed from being an owner')
}

function checkManagers(entries: readonly JsonObject[], path: string): FieldError[] {
  return entries.flatMap(({ operation }, index) => {
    if (operation === 'Apply' || operation === 'Update') return []
    const field = `${indexPath(`${path}.managedFields`, index)}.operation`
    return [invalidValue(field, operation ?? '', 'must be `Apply` or `Update`')]
  })
}
