// PUT of one object, its status or its scale.
import { copyJson, type JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { checkName, readBody } from './body-checks.ts'
import { createRead } from './create.ts'
import { modifyObject, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import { changeScale, readScale } from './scale.ts'

export async function updateObject(parts: RegistryParts, target: WriteTarget, body: JsonValue): Promise<WriteResult> {
  const { type, name, subresource } = target
  if (subresource === 'scale') {
    const change = (old: KubeObject) => changeScale(target, old, () => readScale(body))
    return modifyObject(parts, target, { change, movesOwnership: true })
  }
  const wanted = readBody(body, target)
  checkName(wanted, name)
  return modifyObject(parts, target, {
    change: () => copyJson(wanted),
    uid: wanted.metadata.uid,
    ...(type.strategy.createOnUpdate && subresource === ''
      ? { create: () => createRead(parts, target, copyJson(wanted)) }
      : {}),
  })
}
