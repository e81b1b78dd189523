// x-kubernetes-list-type and x-kubernetes-list-map-keys: what they ask of a list and of its items.
import { getOwn, isJsonObject, type JsonObject } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { forbiddenField, invalidGoValue, invalidValue, notSupported, requiredValue } from './field-errors.ts'
import { keyPath } from './field-path.ts'
import { goStrings } from './go-value.ts'

const listTypes = ['atomic', 'set', 'map']

export function checkListKeywords(schema: JsonObject, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const given = schema['x-kubernetes-list-map-keys']
  const keys = Array.isArray(given) ? given.map(String) : []
  const errors = typeof listType === 'string' ? checkListType(schema, listType, path) : []
  const typePath = `${path}.x-kubernetes-list-type`
  if (keys.length > 0 && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(listType === undefined ? requiredValue(typePath, text) : invalidValue(typePath, listType, text))
  }
  if (listType === 'map') errors.push(...checkMapList(schema, keys, path))
  if (listType === 'map' || listType === 'set') errors.push(...checkNullable(schema, keys, path))
  return errors
}

function checkListType(schema: JsonObject, listType: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { items } = schema
  if (schema.type !== 'array') {
    const text = 'must be array if x-kubernetes-list-type is specified'
    errors.push(schema.type ? invalidValue(`${path}.type`, schema.type, text) : requiredValue(`${path}.type`, text))
  } else if (listType === 'set' && isJsonObject(items)) {
    const text = 'must be atomic as item of a list with x-kubernetes-list-type=set'
    const itemListType = items['x-kubernetes-list-type']
    if (items.type === 'array' && itemListType !== undefined && itemListType !== 'atomic') {
      errors.push(invalidValue(`${path}.items.x-kubernetes-list-type`, itemListType, text))
    }
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      // The value printed is that of the list type, and so nearly always missing.
      errors.push(invalidValue(`${path}.items.x-kubernetes-map-type`, itemListType, text))
    }
  }
  if (!listTypes.includes(listType)) errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, listTypes))
  return errors
}

function checkMapList({ items }: JsonObject, keys: readonly string[], path: string): FieldError[] {
  const keysPath = `${path}.x-kubernetes-list-map-keys`
  const errors: FieldError[] = []
  if (keys.length === 0) errors.push(requiredValue(keysPath, 'must not be empty if x-kubernetes-list-type is map'))
  if (!isJsonObject(items)) {
    const text = 'must have a schema if x-kubernetes-list-type is map'
    return [...errors, requiredValue(`${path}.items`, text)]
  }
  if (items.type !== 'object') {
    const text = "must be object if parent array's x-kubernetes-list-type is map"
    return [...errors, invalidValue(`${path}.items.type`, String(items.type ?? ''), text)]
  }
  const properties = isJsonObject(items.properties) ? items.properties : {}
  keys.forEach((key, index) => {
    const member = getOwn(properties, key)
    if (!isJsonObject(member)) {
      errors.push(invalidGoValue(keysPath, goStrings(keys), 'entries must all be names of item properties'))
    } else if (member.type === 'array' || member.type === 'object') {
      const text = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(invalidValue(`${keyPath(`${path}.items.properties`, key)}.type`, items.type, text))
    }
    if (keys.indexOf(key) < index) {
      errors.push(invalidGoValue(keysPath, goStrings(keys), 'must not contain duplicate entries'))
    }
  })
  return errors
}

/** Items of sets and maps must be there, and so must the keys of maps. */
function checkNullable(schema: JsonObject, keys: readonly string[], path: string): FieldError[] {
  const { items } = schema
  const listType = String(schema['x-kubernetes-list-type'])
  if (!isJsonObject(items)) return []
  const errors: FieldError[] = []
  if (items.nullable === true) {
    const text = `cannot be nullable when x-kubernetes-list-type is ${listType}`
    errors.push(forbiddenField(`${path}.items.nullable`, text))
  }
  if (listType !== 'map') return errors
  const required = Array.isArray(items.required) ? items.required : []
  for (const key of keys) {
    const member = isJsonObject(items.properties) ? getOwn(items.properties, key) : undefined
    if (!isJsonObject(member)) continue
    const at = keyPath(`${path}.items.properties`, key)
    const why = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!required.includes(key) && member.default === undefined) {
      errors.push(requiredValue(`${at}.default`, `${why} must have a default or be a required property`))
    }
    if (member.nullable === true) errors.push(forbiddenField(`${at}.nullable`, `${why} cannot be nullable`))
  }
  return errors
}
