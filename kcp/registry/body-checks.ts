// Whether the body of a write fits the type and the URL: kind, apiVersion, namespace, name, unknown fields.
import { goKind, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject, type ObjectMeta, parseApiVersion } from '../../api/objects.ts'
import { badRequest, type FieldError, invalid, type StatusError } from '../../api/status-error.ts'
import { cannotHandle, normalizeMetadata } from './metadata.ts'
import type { WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'

/** The body as an object of the type, with the metadata of ObjectMeta only. Reports unknown and duplicate fields. */
export function readBody(body: JsonValue, target: WriteTarget): KubeObject {
  const { type } = target
  requireTypeMeta(body, type)
  const object = body as unknown as KubeObject
  checkKind(object, type)
  const members = Object.keys(body)
  const unknown = normalizeMetadata(object, type)
  checkNamespace(object, target)
  unknown.push(...type.schema.prune(object))
  reportFields(unknown, target, members)
  return object
}

/** Throws 400 unless it is an object whose apiVersion and kind are texts, or absent. */
export function requireTypeMeta(body: JsonValue, type: ResourceType): asserts body is JsonObject {
  const problem = typeMetaProblem(body)
  if (problem !== '') throw unrecognized(type, problem, JSON.stringify(body))
}

const typeMetaStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/** Empty for an object with type meta; else what Go says. */
export function typeMetaProblem(body: JsonValue): string {
  const start = "couldn't get version/kind; json parse error: json: cannot unmarshal"
  if (!isJsonObject(body)) return `${start} ${goKind(body)} into Go value of type ${typeMetaStruct}`
  for (const field of ['apiVersion', 'kind']) {
    const value = body[field] ?? ''
    if (typeof value !== 'string') return `${start} ${goKind(value)} into Go struct field .${field} of type string`
  }
  const { apiVersion } = body
  const isVersion = typeof apiVersion !== 'string' || apiVersion.split('/').length <= 2
  return isVersion ? '' : `unexpected GroupVersion string: ${apiVersion}`
}

/** What messages show of a body. */
const shownBytes = 30

/** 400 that shows how the body starts: objects as text, all else as bytes. */
export function unrecognized({ kind }: { kind: string }, problem: string, body: string | Uint8Array): StatusError {
  const bytes = Buffer.from(body)
  const shown = bytes.subarray(0, shownBytes).toString(bytes[0] === openBrace ? 'utf8' : 'hex')
  const summary = bytes.length === 0 ? '<empty>' : bytes.length > shownBytes ? `${shown} ...` : shown
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary})`)
}

const openBrace = 0x7b

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
    if (apiVersion !== '' && apiVersion !== expected) throw unregistered(type, { kind: type.kind, apiVersion })
  } else {
    if (apiVersion !== expected) throw wrongVersion(apiVersion, expected)
    if (kind !== type.kind) throw wrongKind(object, type)
  }
  object.apiVersion = expected
  object.kind = type.kind
}

/** Of a custom resource, which has no Go type that would refuse it before. */
export function wrongKind({ kind = '', metadata }: KubeObject, type: ResourceType): StatusError {
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${type.kind}`
  const name = isJsonObject(metadata) ? metadata.name : ''
  const error = { field: 'kind', type: 'FieldValueInvalid', message } as const
  return invalid({ group: type.group, kind }, typeof name === 'string' ? name : '', [error])
}

/** Go's package of the types that Kubernetes converts to; messages name it. */
export function internalPackage({ group }: Pick<ResourceType, 'group'>): string {
  return group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? group)
}

export function unregistered(wanted: { kind: string }, { kind, apiVersion }: { kind: string; apiVersion: string }) {
  const version = parseApiVersion(apiVersion).version
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${wanted.kind}: no kind "${kind}" is registered for version ` +
      `"${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  )
}

export function namelessText(name: string): string {
  return `the name of the object (${name} based on URL) was undeterminable: name must be provided`
}

function wrongVersion(found: string, expected: string) {
  return badRequest(`the API version in the data (${found}) does not match the expected API version (${expected})`)
}

function checkNamespace({ metadata }: KubeObject, target: WriteTarget): void {
  checkSentNamespace(metadata.namespace, target)
  if (target.type.namespaced) metadata.namespace = target.namespace
  else delete metadata.namespace
}

export function checkSentNamespace(sent: unknown, { type, namespace }: WriteTarget): void {
  if (type.namespaced && sent && sent !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}

/** For writes to a named object. */
export function checkName(object: { metadata: Pick<ObjectMeta, 'name'> }, name: string): void {
  if (!object.metadata.name) {
    throw badRequest(namelessText(name))
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

type ReportTarget = Omit<WriteTarget, 'type'> & { readonly type: Pick<ResourceType, 'version' | 'kind' | 'origin'> }

/** Warns of fields that nobody knows, or refuses them. `members`: of the body, in its order. */
export function reportFields(unknown: readonly string[], target: ReportTarget, members: readonly string[]): void {
  const { type, duplicateFields, duplicateLines = [], fieldValidation, context } = target
  const count = unknown.length + duplicateFields.length + duplicateLines.length
  if (fieldValidation === 'Ignore' || count === 0) return
  const isNative = type.origin === 'native'
  const fields = isNative ? inOrderOf(members, unknown, target) : customTexts(unknown, target)
  if (fieldValidation === 'Warn') {
    for (const text of [...duplicateLines, ...fields]) context.warn(text)
    return
  }
  const lines = duplicateLines.length === 0 ? [] : [yamlProblems(duplicateLines)]
  throw cannotHandle(type, `strict decoding error: ${[...lines, ...fields].join(', ')}`)
}

const unknownText = (path: string) => `unknown field "${path}"`

/** Of a patch they are told in words: what is twice in the patch is not in the document. */
function duplicateText(duplicate: string): string {
  return duplicate.startsWith('duplicate field ') ? duplicate : duplicateField(duplicate)
}

export const duplicateField = (path: string) => `duplicate field "${path}"`

function customTexts(unknown: readonly string[], { duplicateFields }: ReportTarget): string[] {
  return [...duplicateFields.map(duplicateText), ...[...unknown].sort().map(unknownText)]
}

/** Go's own types are decoded member by member; what is in an unknown member is not looked at. */
function inOrderOf(
  members: readonly string[],
  unknown: readonly string[],
  { duplicateFields }: ReportTarget,
): string[] {
  const isInside = (path: string) =>
    unknown.some(each => path === each || (/^[.[]/.test(path.slice(each.length)) && path.startsWith(each)))
  const positionOf = (path: string) => members.indexOf(/^[^.[]*/.exec(path)?.[0] ?? '')
  const found = [
    ...unknown.map(path => ({ path, text: unknownText(path) })),
    ...duplicateFields.filter(path => !isInside(path)).map(path => ({ path, text: duplicateText(path) })),
  ]
  return found.sort((a, b) => positionOf(a.path) - positionOf(b.path)).map(({ text }) => text)
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
