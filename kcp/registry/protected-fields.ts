// What an update may not change, whatever it sends: the parts of other endpoints, and what the server owns in metadata.
import { copyJson, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import { childOf, type Fields, isMember, keysBelow } from '../../api/patch/apply/fields.ts'
import { resetFieldsOf } from './field-ownership.ts'
import { keepServerMetadata } from './metadata.ts'
import type { WriteTarget } from './parts.ts'

/** Each endpoint changes its own part: the main one not the status, `status` of custom resources nothing else. */
export function restoreProtected(object: KubeObject, old: KubeObject, target: WriteTarget): void {
  const { type, subresource } = target
  if (subresource === 'status' && type.origin !== 'native') {
    const { status } = object
    const { managedFields, annotations } = object.metadata
    for (const member of Object.keys(object)) delete object[member]
    Object.assign(object, copyJson(old))
    restoreMember(asJson(object), 'status', asJson({ status }).status)
    restoreMember(asJson(object.metadata), 'managedFields', asJson({ managedFields }).managedFields)
    takeOverAnnotations(object.metadata, annotations ?? {}, type.strategy.statusAnnotationPrefix)
    return
  }
  keepServerMetadata(object.metadata, old.metadata)
  const reset = resetFieldsOf(target)
  if (reset !== undefined) takeBack(asJson(object), asJson(old), reset)
}

/** Puts the old values back at the paths of a set. */
function takeBack(object: JsonObject, old: JsonObject, reset: Fields): void {
  for (const key of keysBelow(reset)) {
    const name = key.slice(2)
    const below = childOf(reset, key) ?? {}
    const [now, before] = [object[name], old[name]]
    if (key === 'f:metadata' && isMember(below)) restoreMetadata(object, old)
    else if (isMember(below)) restoreMember(object, name, before)
    else if (isJsonObject(now) && isJsonObject(before)) takeBack(now, before, below)
  }
}

function restoreMember(object: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value === undefined) delete object[name]
  else object[name] = value
}

function restoreMetadata(object: JsonObject, old: JsonObject): void {
  const { managedFields, resourceVersion } = isJsonObject(object.metadata) ? object.metadata : {}
  const metadata: JsonObject = { ...(isJsonObject(old.metadata) ? old.metadata : {}) }
  restoreMember(metadata, 'managedFields', managedFields)
  restoreMember(metadata, 'resourceVersion', resourceVersion)
  object.metadata = metadata
}

/** Annotations of this prefix belong to the status: they are added, changed and removed with it. */
function takeOverAnnotations(metadata: ObjectMeta, sent: Record<string, string>, prefix: string | undefined): void {
  if (prefix === undefined) return
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith(prefix))
  const taken = Object.entries(sent).filter(([key]) => key.startsWith(prefix))
  if (own.length + taken.length > 0) metadata.annotations = Object.fromEntries([...own, ...taken])
  else delete metadata.annotations
}

function asJson(object: object): JsonObject {
  return object as unknown as JsonObject
}
