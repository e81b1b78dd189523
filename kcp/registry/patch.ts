// PATCH of one object: the patch is applied to the current object, again after each race lost.
import { isJsonObject, isTooDeep, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { applyJsonPatch } from '../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts'
import { badRequest, invalid } from '../../api/status-error.ts'
import { applyObject } from './apply.ts'
import { checkName, readBody, requireTypeMeta } from './body-checks.ts'
import { cannotHandle } from './metadata.ts'
import { modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'
import { applyScale, scaleOf } from './scale.ts'

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

export interface PatchBody {
  readonly type: PatchType
  readonly body: JsonValue
  /** Apply only: take fields over from other managers. */
  readonly force: boolean
}

export async function patchObject(parts: RegistryParts, target: WriteTarget, patch: PatchBody): Promise<WriteResult> {
  if (patch.type === 'apply') {
    checkAppliedNames(patch.body, target.type)
    return applyObject(parts, target, patch)
  }
  return modifyObject(parts, target, { change: old => patched(old, target, patch) })
}

/** Messages of apply name the object before its metadata is decoded. */
function checkAppliedNames(body: JsonValue, type: ResourceType): void {
  requireTypeMeta(body, type)
  const metadata = isJsonObject(body.metadata) ? body.metadata : {}
  for (const field of ['name', 'namespace']) {
    if (typeof (metadata[field] ?? '') !== 'string') throw cannotHandle(type, `metadata.${field} must be a string`)
  }
}

function patched(old: KubeObject, target: WriteTarget, patch: PatchBody): KubeObject {
  const { type, name } = target
  const { uid } = old.metadata
  if (target.subresource === 'scale') return applyScale(type, old, applyPatchTo(scaleOf(type, old), patch, type))
  const object = readBody(applyPatchTo(old as unknown as JsonObject, patch, type), target)
  checkName(object, name)
  if (object.metadata.uid !== undefined && object.metadata.uid !== uid) throw immutableUid(type, object)
  return object
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

/** Said twice, as Kubernetes' two layers of checks do. */
function immutableUid(type: ResourceType, { metadata }: KubeObject) {
  const message = `Invalid value: ${JSON.stringify(metadata.uid)}: field is immutable`
  const error = { field: 'metadata.uid', type: 'FieldValueInvalid', message } as const
  return invalid(type, metadata.name, [error, error])
}
