// Whether the body of a write fits the type and the URL: kind, apiVersion, namespace, name, unknown fields.
import { isJsonObject, isRawNumber, type JsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject, parseApiVersion } from '../../api/objects.ts'
import { badRequest, type FieldError, invalid } from '../../api/status-error.ts'
import { cannotHandle, normalizeMetadata } from './metadata.ts'
import type { WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'

/** The body as an object of the type, with the metadata of ObjectMeta only. Reports unknown and duplicate fields. */
export function readBody(body: JsonValue, target: WriteTarget): KubeObject {
  const { type } = target
  requireTypeMeta(body, type)
  const object = body as unknown as KubeObject
  checkKind(object, type)
  const unknown = normalizeMetadata(object, type)
  checkNamespace(object, target)
  unknown.push(...type.schema.prune(object))
  reportFields(unknown, target)
  return object
}

/** Throws 400 unless it is an object whose apiVersion and kind are texts, or absent. */
export function requireTypeMeta(body: JsonValue, type: ResourceType): asserts body is JsonObject {
  if (!isJsonObject(body)) {
    throw unrecognized(type, `${jsonTypeOf(body)} into Go value of type struct { APIVersion string; Kind string }`)
  }
  for (const field of ['apiVersion', 'kind']) {
    const value = body[field] ?? ''
    if (typeof value === 'string') continue
    const start = JSON.stringify(body).slice(0, bodyStartChars)
    throw unrecognized(type, `${jsonTypeOf(value)} into Go struct field .${field} of type string (${start} ...)`)
  }
}

/** What messages show of a body. */
const bodyStartChars = 30

function unrecognized({ kind }: ResourceType, what: string) {
  const start = `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; `
  return badRequest(`${start}json parse error: json: cannot unmarshal ${what}`)
}

function jsonTypeOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (isRawNumber(value)) return 'number'
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
}

function checkKind(object: KubeObject, type: ResourceType): void {
  const expected = apiVersionOf(type)
  const apiVersion = object.apiVersion ?? ''
  const kind = object.kind ?? ''
  if (type.origin === 'native') {
    if (kind !== '' && kind !== type.kind) {
      throw badRequest(
        `${kind} in version "${type.version}" cannot be handled as a ${type.kind}: ` +
          `converting (${type.version}.${kind}) to (${internalPackage(type)}.${type.kind}): unknown conversion`,
      )
    }
    if (apiVersion !== '' && apiVersion !== expected) throw unregistered(type, apiVersion)
  } else {
    if (apiVersion !== expected) throw wrongVersion(apiVersion, expected)
    if (kind !== type.kind) {
      const message = `Invalid value: ${JSON.stringify(kind)}: must be ${type.kind}`
      const name = isJsonObject(object.metadata) ? object.metadata.name : ''
      throw invalid({ group: type.group, kind }, typeof name === 'string' ? name : '', [
        { field: 'kind', type: 'FieldValueInvalid', message },
      ])
    }
  }
  object.apiVersion = expected
  object.kind = type.kind
}

/** Go's package of the types that Kubernetes converts to; messages name it. */
function internalPackage({ group }: ResourceType): string {
  return group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? group)
}

function unregistered({ kind }: ResourceType, apiVersion: string) {
  const version = parseApiVersion(apiVersion).version
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: no kind "${kind}" is registered for version ` +
      `"${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  )
}

function wrongVersion(found: string, expected: string) {
  return badRequest(`the API version in the data (${found}) does not match the expected API version (${expected})`)
}

function checkNamespace(object: KubeObject, { type, namespace }: WriteTarget): void {
  const { metadata } = object
  if (!type.namespaced) {
    delete metadata.namespace
    return
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  metadata.namespace = namespace
}

/** For writes to a named object. */
export function checkName(object: KubeObject, name: string): void {
  if (!object.metadata.name) {
    const text = `the name of the object (${name} based on URL) was undeterminable: name must be provided`
    throw badRequest(text)
  }
  if (object.metadata.name !== name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`)
  }
}

/** What the rules of the kind find wrong. */
export function invalidObject({ kind, group, strategy }: ResourceType, name: string, errors: readonly FieldError[]) {
  return invalid({ kind, group: strategy.errorGroup ?? group }, name, errors)
}

/** As Go's YAML parser puts them. */
export function yamlProblems(lines: readonly string[]): string {
  return `yaml: unmarshal errors:\n  ${lines.join('\n  ')}`
}

function reportFields(unknown: readonly string[], target: WriteTarget): void {
  const { type, duplicateFields, duplicateLines = [], fieldValidation, context } = target
  const count = unknown.length + duplicateFields.length + duplicateLines.length
  if (fieldValidation === 'Ignore' || count === 0) return
  const isNative = type.origin === 'native'
  const unknownTexts = (isNative ? unknown : [...unknown].sort()).map(path => `unknown field "${path}"`)
  const duplicateTexts = duplicateFields.map(path => `duplicate field "${path}"`)
  const fields = isNative ? [...unknownTexts, ...duplicateTexts] : [...duplicateTexts, ...unknownTexts]
  if (fieldValidation === 'Warn') {
    for (const text of [...duplicateLines, ...fields]) context.warn(text)
    return
  }
  const lines = duplicateLines.length === 0 ? [] : [yamlProblems(duplicateLines)]
  throw cannotHandle(type, `strict decoding error: ${[...lines, ...fields].join(', ')}`)
}

/** A patch has no precondition: another uid is a change, which is refused. A stale version is told first. */
export function checkPatchedUid({ metadata }: KubeObject, old: KubeObject, type: ResourceType): void {
  const { uid, resourceVersion } = old.metadata
  if (metadata.resourceVersion !== resourceVersion || metadata.uid === undefined || metadata.uid === uid) return
  const message = `Invalid value: ${JSON.stringify(metadata.uid)}: field is immutable`
  const error = { field: 'metadata.uid', type: 'FieldValueInvalid', message } as const
  // Said twice, as Kubernetes' two layers of checks do.
  throw invalid(type, metadata.name, [error, error])
}
