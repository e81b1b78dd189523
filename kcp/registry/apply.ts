// Server-side apply: creates what is missing, else merges and moves the ownership of fields.
import { copyJson, isJsonObject, type JsonObject } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { applyPatch } from '../../api/patch/apply/apply-patch.ts'
import { badRequest, notFound } from '../../api/status-error.ts'
import { checkName, readBody } from './body-checks.ts'
import { createRead } from './create.ts'
import { ignoredFields, modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import type { PatchBody } from './patch.ts'
import { applyScale, scaleOf } from './scale.ts'

export async function applyObject(parts: RegistryParts, target: WriteTarget, patch: PatchBody): Promise<WriteResult> {
  const { type, name, subresource } = target
  const { body } = patch
  if (!isJsonObject(body)) throw badRequest('error decoding YAML: the applied configuration is not an object')
  if (subresource === 'scale') {
    return modifyObject(parts, target, { change: old => applyScale(type, old, { ...scaleOf(type, old), ...body }) })
  }
  const merge = (live: KubeObject | undefined): KubeObject => {
    const merged = applied(target, { live, body: copyJson(body), force: patch.force })
    checkName(merged, name)
    return merged
  }
  const create = () => {
    if (subresource !== '') throw notFound(type, name)
    return createRead(parts, target, merge(undefined))
  }
  return modifyObject(parts, target, { change: merge, create, movesOwnership: true })
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
    topology: type.schema.topology,
    manager: fieldManager,
    apiVersion: apiVersionOf(type),
    subresource,
    force,
    now: context.now,
    ignore: ignoredFields(target),
  })
  return readBody(object as unknown as JsonObject, target)
}
