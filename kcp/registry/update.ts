// PUT of one object, its status or its scale.
import { copyJson, isJsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { checkName, readBody, wrongKind } from './body-checks.ts'
import { createRead } from './create.ts'
import { keyOfObject } from './keys.ts'
import { goneUid, modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import { changeScale } from './scale.ts'
import { readScale } from './scale-body.ts'
import type { StoredObject } from './stored-object.ts'

export async function updateObject(parts: RegistryParts, target: WriteTarget, body: JsonValue): Promise<WriteResult> {
  const { type, name, subresource } = target
  if (subresource === 'scale') {
    const scale = readScale(body, target)
    return modifyObject(parts, target, { change: old => changeScale(target, old, () => scale), movesOwnership: true })
  }
  const isOfOtherKind = type.origin !== 'native' && isJsonObject(body) && body.kind !== type.kind
  const wanted = readBody(isOfOtherKind ? { ...body, kind: type.kind } : body, target)
  checkName(wanted, name)
  const change = ({ metadata }: KubeObject) => {
    // The kind of a custom resource is looked at where its versions fit.
    const isCurrent = wanted.metadata.resourceVersion === metadata.resourceVersion
    if (isOfOtherKind && isCurrent) throw wrongKind(body as unknown as KubeObject, type)
    return copyJson(wanted)
  }
  return modifyObject(parts, target, {
    change,
    uid: wanted.metadata.uid,
    ...(type.strategy.createOnUpdate && subresource === ''
      ? { create: () => createMissing(parts, target, wanted) }
      : {}),
  })
}

async function createMissing(parts: RegistryParts, target: WriteTarget, wanted: KubeObject): Promise<StoredObject> {
  const { type, name, context, namespace } = target
  const { uid } = wanted.metadata
  if (uid !== undefined) throw goneUid(keyOfObject(type, { cluster: context.cluster, namespace, name }), target, uid)
  return createRead(parts, target, copyJson(wanted))
}
