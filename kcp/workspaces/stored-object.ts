// Reads the few members the indexes need out of stored bytes; tolerant, since stored objects were validated once.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'

const decoder = new TextDecoder()
const empty: JsonObject = {}

export function parseStored(value: Uint8Array): JsonObject {
  const parsed: unknown = JSON.parse(decoder.decode(value))
  return isJsonObject(parsed) ? parsed : empty
}

export function objectMember(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  return isJsonObject(value) ? value : empty
}

export function textMember(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : ''
}

export function listMember(object: JsonObject, name: string): readonly JsonValue[] {
  const value = object[name]
  return Array.isArray(value) ? value : []
}

export function objectsOf(object: JsonObject, name: string): readonly JsonObject[] {
  return listMember(object, name).filter(isJsonObject)
}

/** Key suffix of a cluster-scoped object: `<cluster>/<name>`; on a server with one cluster just the name. */
export function splitSuffix(suffix: string): { cluster: string; name: string } {
  const slash = suffix.indexOf('/')
  if (slash < 0) return { cluster: '', name: suffix }
  return { cluster: suffix.slice(0, slash), name: suffix.slice(slash + 1) }
}
