// PATCH of one object: the patch is applied to the current object, again after each race lost.
import { isJsonObject, isTooDeep, type JsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { sortMembers } from '../../api/patch/apply/last-applied.ts'
import { goValue } from '../../api/patch/go-value.ts'
import { applyJsonPatch } from '../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts'
import { badRequest, invalid, StatusError } from '../../api/status-error.ts'
import { invalidValue } from '../schema/field-errors.ts'
import { applyObject } from './apply.ts'
import { checkName, checkPatchedUid, readBody } from './body-checks.ts'
import { modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { changeScale, readScale } from './scale.ts'

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
    const change = (old: KubeObject) =>
      changeScale(target, old, scale => readScale(applyPatchTo(scale, patch, target.type)))
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

const decodeFailure = /^\S+ in version "\S+" cannot be handled as a \S+: /

/** What is no object of the type after the patch is the patch's fault. */
function readPatched(old: KubeObject, target: WriteTarget, patch: PatchBody): KubeObject {
  const body = applyPatchTo(asJson(old), patch, target.type)
  if (isJsonObject(body)) checkPatchedKind(body, target)
  try {
    return readBody(body, target)
  } catch (error) {
    if (!(error instanceof StatusError) || !decodeFailure.test(error.message)) throw error
    // Strategic merge shows the patch, the others the document that it made of the object.
    const shown = patch.type === 'strategic' ? goValue(patch.body) : goDocument(body, target.type)
    const reason = error.message.replace(decodeFailure, '')
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, reason)])
  }
}

/** Another kind or version is the patch's fault too. What is no text is told later. */
function checkPatchedKind(body: JsonObject, { type, name }: WriteTarget): void {
  const { apiVersion, kind } = body
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  const expected = apiVersionOf(type)
  if (type.origin !== 'native') {
    const error = invalidValue('apiVersion', apiVersion, `must be ${expected}`)
    if (apiVersion !== expected) throw invalid({ group: '', kind }, name, [error])
  } else if (apiVersion !== expected || kind !== type.kind) {
    const scheme = 'in scheme "kubernetes/pkg/api/legacyscheme/scheme.go:30"'
    const reason = `no kind "${kind}" is registered for version "${apiVersion}" ${scheme}`
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', goDocument(body, type), reason)])
  }
}

const metadataOrder = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp']

/** The document as Go's patch libraries write it: sorted, but for the metadata of Go's own types. */
function goDocument(body: JsonValue, { origin }: ResourceType): string {
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
