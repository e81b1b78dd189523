// Reading members of objects of any shape: what is missing or of another type reads as empty.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'

type Source = JsonValue | undefined | KubeObject

export function valueAt(source: Source, ...path: readonly string[]): JsonValue | undefined {
  let value: unknown = source
  for (const name of path) {
    if (!isJsonObject(value)) return undefined
    value = getOwn(value, name)
  }
  return value as JsonValue | undefined
}

export function textAt(source: Source, ...path: readonly string[]): string {
  const value = valueAt(source, ...path)
  return typeof value === 'string' ? value : ''
}

export function numberAt(source: Source, ...path: readonly string[]): number | undefined {
  return numberValue(valueAt(source, ...path))
}

export function objectAt(source: Source, ...path: readonly string[]): JsonObject {
  const value = valueAt(source, ...path)
  return isJsonObject(value) ? value : {}
}

export function listAt(source: Source, ...path: readonly string[]): readonly JsonValue[] {
  const value = valueAt(source, ...path)
  return Array.isArray(value) ? value : []
}

export function objectsAt(source: Source, ...path: readonly string[]): JsonObject[] {
  return listAt(source, ...path).filter(isJsonObject)
}

export function textsAt(source: Source, ...path: readonly string[]): string[] {
  return listAt(source, ...path).filter(item => typeof item === 'string')
}

/** The object's members as JSON; the same object, for changing it in place. */
export function asJson(object: KubeObject): JsonObject {
  if (!isJsonObject(object)) throw new TypeError('an object of the API is a JSON object')
  return object
}

/** The member object of this name, made when it is missing. */
export function ensureObject(parent: JsonObject, name: string): JsonObject {
  const value = getOwn(parent, name)
  if (isJsonObject(value)) return value
  const created: JsonObject = {}
  parent[name] = created
  return created
}

/** Gives a member its value when it is missing or an empty text, as Go's defaulting sees it. */
export function setDefault(object: JsonObject, name: string, value: JsonValue): void {
  const present = getOwn(object, name)
  if (present === undefined || present === null || present === '') object[name] = value
}
