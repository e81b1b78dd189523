// PATCH of one object: the patch is applied to the current object, again after each race lost.
import { isJsonObject, isTooDeep, type JsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject, parseApiVersion } from '../../api/objects.ts'
import { sortMembers } from '../../api/patch/apply/last-applied.ts'
import { scaleApiVersion } from '../../api/patch/apply/scale-fields.ts'
import { goValue } from '../../api/patch/go-value.ts'
import { applyJsonPatch } from '../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts'
import { badRequest, internalError, invalid, StatusError } from '../../api/status-error.ts'
import { invalidValue } from '../schema/field-errors.ts'
import { applyObject } from './apply.ts'
import { checkName, checkPatchedUid, namelessText, readBody } from './body-checks.ts'
import { modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { changeScale } from './scale.ts'
import { readScale } from './scale-body.ts'

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

export interface PatchBody {
  readonly type: PatchType
  readonly body: JsonValue
  /** Apply only: take fields over from other managers. */
  readonly force: boolean
}

export async function patchObject(parts: RegistryParts, target: WriteTarget, patch: PatchBody): Promise<WriteResult> {
  if (patch.type === 'apply') return applyObject(parts, target, patch)
  if (target.subresource === 'scale') {
    const change = (old: KubeObject) => changeScale(target, old, scale => patchedScale(scale, target, patch))
    return modifyObject(parts, target, { change, movesOwnership: true })
  }
  return modifyObject(parts, target, { change: old => patched(old, target, patch) })
}

function patched(old: KubeObject, target: WriteTarget, patch: PatchBody): KubeObject {
  const { type, name } = target
  const object = readPatched(old, target, patch)
  checkName(object, name)
  checkPatchedUid(object, old, type)
  return object
}

function patchedScale(scale: JsonObject, target: WriteTarget, patch: PatchBody): JsonObject {
  const body = applyPatchTo(scale, patch, target.type)
  return readAs({ patch, shown: () => goDocument(body, { origin: 'native' }) }, () => {
    const patched = readScale(
      patch.type === 'strategic' && isJsonObject(body) ? { ...body, ...scaleKind } : body,
      target,
    )
    // The uid of a Scale that a patch names is no precondition where Kubernetes does not look at it.
    if (target.type.origin !== 'native' && isJsonObject(patched.metadata)) delete patched.metadata.uid
    return patched
  })
}

/** Strategic merge knows its type. */
const scaleKind = { apiVersion: scaleApiVersion, kind: 'Scale' }

const decodeFailure = /^\S+ in version "\S+" cannot be handled as a \S+: /

/** What is no object of the type after the patch is the patch's fault. */
function readPatched(old: KubeObject, target: WriteTarget, patch: PatchBody): KubeObject {
  const body = applyPatchTo(asJson(old), patch, target.type)
  if (isJsonObject(body) && target.subresource === 'status' && target.type.origin !== 'native') keepIdentity(body, old)
  if (isJsonObject(body) && patch.type !== 'strategic') checkPatchedKind(body, target)
  const isStrategic = patch.type === 'strategic' && isJsonObject(body)
  const typed = isStrategic ? { ...body, apiVersion: old.apiVersion, kind: old.kind } : body
  return readAs({ patch, shown: () => goDocument(body, target.type) }, () => readBody(typed, target))
}

interface PatchedBody {
  readonly patch: PatchBody
  /** The document that the patch made. */
  shown(): string
}

function readAs<T>({ patch, shown }: PatchedBody, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof StatusError) || !decodeFailure.test(error.message)) throw error
    // Strategic merge shows the patch, the others the document that it made of the object.
    const text = patch.type === 'strategic' ? goValue(patch.body) : shown()
    throw invalidPatch(text, error.message.replace(decodeFailure, ''))
  }
}

function invalidPatch(shown: string, reason: string): StatusError {
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, reason)])
}

/** Of a custom resource, only the status is taken. */
function keepIdentity(body: JsonObject, old: KubeObject): void {
  if (typeof body.kind === 'string') body.kind = old.kind
  if (typeof body.apiVersion === 'string') body.apiVersion = old.apiVersion
  if (isJsonObject(body.metadata) && typeof body.metadata.uid === 'string') body.metadata.uid = old.metadata.uid
}

/** Another kind or version is the patch's fault too. What is no text is told later. */
function checkPatchedKind(body: JsonObject, { type, name }: WriteTarget): void {
  const { apiVersion = '', kind = '' } = body
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  const expected = apiVersionOf(type)
  if (type.origin !== 'native') {
    checkCustomKind(body, { apiVersion, kind, expected, name })
    return
  }
  // Without a version Kubernetes decodes nothing at all.
  if (apiVersion === '') throw badRequest(namelessText(name))
  if (apiVersion !== expected || (kind !== '' && kind !== type.kind)) {
    const scheme = 'in scheme "pkg/api/legacyscheme/scheme.go:30"'
    const reason = `no kind "${kind}" is registered for version "${apiVersion}" ${scheme}`
    throw invalidPatch(goDocument(body, type), reason)
  }
}

interface PatchedKind {
  readonly apiVersion: string
  readonly kind: string
  readonly expected: string
  readonly name: string
}

function checkCustomKind(body: JsonObject, { apiVersion, kind, expected, name }: PatchedKind): void {
  const document = goDocument(body, { origin: 'custom' })
  if (kind === '') throw invalidPatch(document, `Object 'Kind' is missing in '${document}'`)
  if (apiVersion === '') throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'")
  const error = invalidValue('apiVersion', apiVersion, `must be ${expected}`)
  if (apiVersion !== expected) throw invalid({ group: parseApiVersion(apiVersion).group, kind }, name, [error])
}

const metadataOrder = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp']

/** The document as Go's patch libraries write it: sorted, but for the metadata of Go's own types. */
function goDocument(body: JsonValue, { origin }: Pick<ResourceType, 'origin'>): string {
  if (origin !== 'native' || !isJsonObject(body)) return JSON.stringify(sortMembers(body))
  const { metadata } = body
  const shown = isJsonObject(metadata) ? { ...pickMembers(metadata, metadataOrder), ...metadata } : metadata
  return JSON.stringify(pickMembers({ ...body, metadata: shown }, Object.keys(body).sort()))
}

function pickMembers(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter(name => object[name] !== undefined).map(name => [name, object[name]]))
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject
}

function applyPatchTo(document: JsonObject, { type: patchType, body }: PatchBody, type: ResourceType): JsonValue {
  if (patchType === 'json') {
    const result = applyJsonPatch(document, body)
    if (isTooDeep(result)) throw badRequest('error decoding patch: exceeded max depth')
    return result
  }
  if (!isJsonObject(body)) throw badRequest('error decoding patch: the patch is not an object')
  if (patchType === 'merge') return applyMergePatch(document, body)
  return applyStrategicMerge(document, body, type.schema.topology)
}
