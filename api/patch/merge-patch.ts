// Merge patch (RFC 7386): applying one, and making the one that leads from one value to another.
// Pure: results share what did not change with the inputs.
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../json.ts'

export function applyMergePatch(document: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return withoutNulls(patch)
  const merged: JsonObject = {}
  if (isJsonObject(document)) for (const key of Object.keys(document)) setOwn(merged, key, document[key])
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null || value === undefined) delete merged[key]
    else setOwn(merged, key, applyMergePatch(getOwn(merged, key), value))
  }
  return merged
}

/** Lists are taken as they are, but for members of their objects that are null. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isJsonObject(value)) return value
  const left: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    if (member !== null && member !== undefined) setOwn(left, key, withoutNulls(member))
  }
  return left
}

/** The smallest patch from one object to another; `{}` when they are equal. Lists are replaced as a whole. */
export function createMergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {}
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && (getOwn(to, key) ?? null) === null) setOwn(patch, key, null)
  }
  for (const key of Object.keys(to)) {
    const before = getOwn(from, key)
    const after = to[key]
    if (after === undefined || after === null || equalJson(before, after)) continue
    const both = isJsonObject(before) && isJsonObject(after)
    setOwn(patch, key, both ? createMergePatch(before, after) : after)
  }
  return patch
}
