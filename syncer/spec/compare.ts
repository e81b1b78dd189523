// Whether a downstream object already is what an apply would make of it: every field we would set has our value and our
// name on it, and our name is on no other field. Pure.
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import { equalQuantities } from './quantity.ts'

export interface Compared {
  /** FieldsV1 of our last apply. */
  readonly owned: JsonObject | undefined
  /** Finds what a FieldsV1 path element names. */
  readonly member: (value: unknown, path: string) => unknown
}

// An apply never owns these: they say which object it is.
const identityFields = new Set(['apiVersion', 'kind'])
const identityMetadata = new Set(['name', 'namespace'])

export function isInSync(desired: JsonObject, actual: JsonObject, { owned, member }: Compared): boolean {
  if (!owned) return false
  const { metadata, ...rest } = desired
  const metadataFields = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(
    ([key]) => !identityMetadata.has(key),
  )
  const fields = Object.entries(rest).filter(([key]) => !identityFields.has(key))
  const wanted = Object.fromEntries([...fields, ['metadata', Object.fromEntries(metadataFields)]])
  return covers(wanted, actual) && ownsOnly(owned, wanted, member) && isOwned(owned, wanted)
}

/** Every member of desired is in actual; what the server added does not matter. */
function covers(desired: unknown, actual: unknown): boolean {
  if (desired === undefined || desired === null) return true
  if (isJsonObject(desired)) {
    if (Object.keys(desired).length === 0 && actual === undefined) return true
    return isJsonObject(actual) && Object.keys(desired).every(key => covers(desired[key], actual[key]))
  }
  if (Array.isArray(desired)) {
    if (desired.length === 0 && actual === undefined) return true
    if (!Array.isArray(actual) || actual.length < desired.length) return false
    if (actual.length === desired.length) return desired.every((item, i) => covers(item, actual[i]))
    // Others added elements: ours must be among them, in our order.
    let from = 0
    return desired.every(item => {
      const at = actual.findIndex((candidate, i) => i >= from && covers(item, candidate))
      from = at + 1
      return at >= 0
    })
  }
  return equalQuantities(desired, actual)
}

/** No field we own has disappeared from what we want. */
function ownsOnly(owned: JsonObject, desired: unknown, member: Compared['member']): boolean {
  return Object.keys(owned).every(path => {
    if (path === '.') return true
    // The key of a list element may be a default that the element itself does not write.
    const value = member(desired, path) ?? (path.startsWith('k:') ? memberByName(desired, path) : undefined)
    if (value === undefined) return path.startsWith('f:') && isKeyField(owned, path)
    const below = owned[path]
    return !isJsonObject(below) || ownsOnly(below, value, member)
  })
}

/** Server-side apply owns the key fields of a list element even where a default supplied them. */
function isKeyField(owned: JsonObject, path: string): boolean {
  return '.' in owned && (path === 'f:protocol' || path === 'f:name')
}

function memberByName(desired: unknown, path: string): unknown {
  if (!Array.isArray(desired)) return undefined
  const keys: unknown = JSON.parse(path.slice(2))
  if (!isJsonObject(keys)) return undefined
  return desired.find(
    item =>
      isJsonObject(item) && Object.keys(keys).every(name => item[name] === undefined || item[name] === keys[name]),
  )
}

/** Every field we want carries our name, at least as part of something that does. */
function isOwned(owned: JsonObject, desired: unknown): boolean {
  if (!isJsonObject(desired)) return true
  return Object.keys(desired).every(key => {
    const value = desired[key]
    if (value === undefined || value === null) return true
    const below = owned[`f:${key}`]
    if (below === undefined) return isJsonObject(value) && Object.keys(value).length === 0
    if (!isJsonObject(below) || Object.keys(below).length === 0) return true
    return isOwned(below, value)
  })
}
