// What of a schema decides how objects are kept: which members stay and which defaults they get. Schemas that differ in
// descriptions, rules and formats have one shape, so that what was stored under one is as the other would store it.
import { hash } from 'node:crypto'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'

const shapeCharacters = 12

/** A short text of base64url, alike for schemas that prune and default alike. */
export function shapeOf(openAPIV3Schema: JsonObject): string {
  return hash('sha256', JSON.stringify(outline(openAPIV3Schema)), 'base64url').slice(0, shapeCharacters)
}

/** Positions instead of names: this is hashed and never read. */
function outline(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return schema === true
  const { properties, items, additionalProperties, default: value, nullable } = schema
  const { 'x-kubernetes-preserve-unknown-fields': open, 'x-kubernetes-embedded-resource': embedded } = schema
  return [
    isJsonObject(properties)
      ? Object.keys(properties)
          .sort()
          .map(name => [name, outline(properties[name])])
      : [],
    isJsonObject(items) ? outline(items) : null,
    additionalProperties === undefined ? null : outline(additionalProperties),
    value === undefined ? [] : [value],
    nullable === true,
    open === true,
    embedded === true,
  ]
}
