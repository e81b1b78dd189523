// Server-side apply: creates what is missing, else merges and moves the ownership of fields.
import { copyJson, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { applyPatch } from '../../api/patch/apply/apply-patch.ts'
import { badRequest, conflict, notFound } from '../../api/status-error.ts'
import { checkName, checkPatchedUid, readBody } from './body-checks.ts'
import { createOwned, prepareNew } from './create.ts'
import { versionsOf } from './field-ownership.ts'
import { modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { PatchBody } from './patch.ts'
import { applyScale } from './scale.ts'

export async function applyObject(parts: RegistryParts, target: WriteTarget, patch: PatchBody): Promise<WriteResult> {
  const { type, name, subresource } = target
  const { body } = patch
  if (!isJsonObject(body)) throw notApplied(body)
  if (subresource === 'scale') {
    const change = (old: KubeObject) => applyScale(target, old, { body, force: patch.force })
    return modifyObject(parts, target, { change, movesOwnership: true })
  }
  const { uid } = isJsonObject(body.metadata) ? body.metadata : {}
  const merge = (live: KubeObject | undefined): KubeObject => {
    const isStatus = subresource === 'status' && type.origin !== 'native'
    const merged = applied(target, { live, body: copyJson(body), force: patch.force })
    if (live === undefined && typeof uid === 'string' && uid !== '') throw conflict(type, name, uidOfNothing(uid))
    // Of a custom resource, only the status is taken.
    if (isStatus && live?.metadata.uid !== undefined) merged.metadata.uid = live.metadata.uid
    checkName(merged, name)
    if (live !== undefined) checkPatchedUid(merged, live, type)
    return merged
  }
  const create = () => {
    if (subresource !== '') throw notFound(type, name)
    const object = merge(undefined)
    prepareNew(object, target, 'kept')
    return createOwned(parts, target, object)
  }
  return modifyObject(parts, target, { change: merge, create, movesOwnership: true })
}

function notApplied(body: JsonValue) {
  if (body === null) return badRequest('invalid object type: /, Kind=')
  const kind = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body
  const text = 'error decoding YAML: error unmarshaling JSON: while decoding JSON: json'
  return badRequest(`${text}: cannot unmarshal ${kind} into Go value of type map[string]interface {}`)
}

function uidOfNothing(uid: string): string {
  return `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
}

interface Applied {
  readonly live: KubeObject | undefined
  readonly body: JsonObject
  readonly force: boolean
}

function applied(target: WriteTarget, { live, body, force }: Applied): KubeObject {
  const { type, subresource, fieldManager, context } = target
  const { object } = applyPatch({
    live,
    applied: body,
    versions: versionsOf(target),
    manager: fieldManager,
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    subresource,
    force,
    now: context.now,
  })
  return readBody(object as unknown as JsonObject, target)
}
