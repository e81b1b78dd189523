// What of a downstream object is ours: the fields of our field manager's entry, with their values. If another manager
// changes one of them, either its value or its owner changes, and with it the fingerprint.
import { getOwn, isJsonObject, type JsonObject, parseJson } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { fieldManager } from '../identity.ts'
import { canonicalJson, digest } from './digest.ts'

export function contentHash(object: KubeObject): string {
  return digest(managedContent(ownedFields(object), object))
}

/** FieldsV1 of our last apply; undefined when nothing is ours. */
export function ownedFields(object: KubeObject): JsonObject | undefined {
  const entry = object.metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === fieldManager && operation === 'Apply' && !subresource,
  )
  return entry?.fieldsV1
}

function managedContent(fields: JsonObject | undefined, value: unknown): unknown {
  if (!fields) return null
  const paths = Object.keys(fields).filter(path => path !== '.')
  if (paths.length === 0) return value ?? null
  return paths.map(path => {
    const below = fields[path]
    return [path, managedContent(isJsonObject(below) ? below : {}, member(value, path))]
  })
}

/** The part of a value that a FieldsV1 path element names; undefined when it is not there. */
export function member(value: unknown, path: string): unknown {
  const text = path.slice(2)
  if (path.startsWith('f:')) return isJsonObject(value) ? getOwn(value, text) : undefined
  if (!Array.isArray(value)) return undefined
  if (path.startsWith('i:')) return value[Number(text)]
  const wanted = parseJson(text)
  if (path.startsWith('v:')) return value.find(item => canonicalJson(item) === canonicalJson(wanted))
  if (!isJsonObject(wanted)) return undefined
  const names = Object.keys(wanted)
  return value.find(
    item =>
      isJsonObject(item) && names.every(name => canonicalJson(getOwn(item, name)) === canonicalJson(wanted[name])),
  )
}
