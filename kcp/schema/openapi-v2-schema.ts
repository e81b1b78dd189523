// A schema in OpenAPI 2.0, as kubectl up to 1.26 can use it: it knows no combinators and no null, and takes a member that
// the schema does not name for a mistake. So what may hold anything names no members.
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import { isPlain, mapChildren } from './openapi-components.ts'

const v3Only = ['oneOf', 'anyOf', 'allOf', 'not', 'nullable']

/** What may be text or number is written as text. */
export function writeV2Schema(schema: JsonObject): JsonObject {
  if (isPlain(schema)) return schema
  const { $ref: reference, ...rest } = mapChildren(withoutClosedParts(schema), writeV2Schema)
  const isQuantity = Array.isArray(rest.oneOf) && rest.type === undefined
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !v3Only.includes(key)))
  if (typeof reference === 'string') return { ...kept, $ref: `#/definitions/${reference}` }
  return isQuantity ? { ...kept, type: 'string' } : kept
}

/** The definition of a kind. Of one that may hold anything only the name is told. */
export function writeV2Definition(schema: JsonObject): JsonObject {
  const kinds = schema['x-kubernetes-group-version-kind']
  if (schema['x-kubernetes-preserve-unknown-fields'] !== true || kinds === undefined) return writeV2Schema(schema)
  return { type: 'object', 'x-kubernetes-group-version-kind': kinds }
}

function withoutClosedParts(schema: JsonObject): JsonObject {
  const isNullable = schema.nullable === true
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true
  const { properties, items, type, required, ...rest } = schema
  const isClosed = !isNullable && !isOpen
  const isTyped =
    !isNullable &&
    type !== undefined &&
    (type === 'array' ? isClosed && items !== undefined : !(isOpen && type === 'object'))
  const needed = neededOf(schema)
  return {
    ...rest,
    ...(properties !== undefined && isClosed ? { properties } : {}),
    ...(items !== undefined && isClosed ? { items } : {}),
    ...(isTyped ? { type } : {}),
    ...(required !== undefined && needed.length > 0 ? { required: needed } : {}),
  }
}

/** A member that may be null may be left out, and so may what an open embedded resource does not name. */
function neededOf(schema: JsonObject) {
  const { properties, required, additionalProperties } = schema
  if (!Array.isArray(required)) return []
  if (isJsonObject(additionalProperties) && additionalProperties.nullable === true) return []
  const members = isJsonObject(properties) ? properties : {}
  const isOpenResource = ['embedded-resource', 'preserve-unknown-fields'].every(
    name => schema[`x-kubernetes-${name}`] === true,
  )
  return required.filter(name => {
    if (isOpenResource && (name === 'kind' || name === 'apiVersion')) return false
    const member = typeof name === 'string' && Object.hasOwn(members, name) ? members[name] : undefined
    return !(isJsonObject(member) && member.nullable === true)
  })
}
