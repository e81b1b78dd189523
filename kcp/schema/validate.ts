// Schema validation of custom resources with the texts of Kubernetes' validator, in its order: type, combinators, the
// keywords of the type, enum, members. Leaves out: metadata (the registry's) and rules that compare (validation-rules.ts).
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkCombinators } from './combinators.ts'
import { notSupported, requiredValue, typeInvalid } from './field-errors.ts'
import { indexPath, memberPath } from './field-path.ts'
import { checkedFormat } from './formats.ts'
import { isInteger, typeName } from './go-value.ts'
import { checkArray, checkMembersCount, checkNumber, checkText } from './keywords.ts'
import type { SchemaNode } from './schema-node.ts'

/** What stood at this place before; absent where that is not known. */
export interface Before {
  readonly value: JsonValue | undefined
}

/** Errors of what did not change are forgiven, so that a schema may become stricter than what is stored. */
export function validateValue(
  value: JsonValue | undefined,
  node: SchemaNode,
  path: string,
  before?: Before,
): FieldError[] {
  const errors = validateInside(value, node, path, before)
  return errors.length > 0 && before && equalJson(before.value, value) ? [] : errors
}

/** The same without forgiving the value as a whole, for the parts of combinators. */
function validateInside(
  value: JsonValue | undefined,
  node: SchemaNode,
  path: string,
  before: Before | undefined,
): FieldError[] {
  if (value === null || value === undefined) {
    if (node.nullable) return []
    return [...checkType(value, node, path), ...checkEnum(value, node.raw, path)]
  }
  const errors = checkType(value, node, path)
  const validate = (sub: SchemaNode) => validateInside(value, sub, path, before)
  errors.push(...checkCombinators(value, node, { path, validate }))
  if (typeof value === 'string') errors.push(...checkText(value, node.raw, path))
  else if (numberValue(value) !== undefined) errors.push(...checkNumber(value, node.raw, path))
  if (Array.isArray(value)) errors.push(...validateItems(value, node, path, before))
  errors.push(...checkEnum(value, node.raw, path))
  if (isJsonObject(value)) errors.push(...validateMembers(value, node, path, before))
  return errors
}

/** A format takes part in the check of types: it names the type in the error, and lists pass for texts with a format. */
function checkType(value: JsonValue | undefined, node: SchemaNode, path: string): FieldError[] {
  const found = typeName(value)
  const types = node.intOrString && node.type === '' ? ['integer', 'string'] : node.type === '' ? [] : [node.type]
  const format = checkedFormat(node.raw.format)
  const fits =
    types.includes(found) ||
    (found === 'integer' && types.includes('number')) ||
    (types.includes('integer') && isInteger(value))
  const isNumeric = types.includes('integer') || types.includes('number')
  if (format !== '' && value !== null && value !== undefined) {
    if (typeof value !== 'string' && !Array.isArray(value)) {
      return fits ? [] : [wrongType(path, format, formatOf(value))]
    }
    if (!isNumeric) return []
  }
  if (fits || types.length === 0) return []
  return [wrongType(path, types.join(','), found)]
}

function wrongType(path: string, wanted: string, found: string): FieldError {
  return typeInvalid(path, found, `${path} in body must be of type ${wanted}: ${JSON.stringify(found)}`)
}

function formatOf(value: JsonValue): string {
  if (numberValue(value) === undefined) return ''
  return typeName(value) === 'integer' ? 'int64' : 'float64'
}

function checkEnum(value: JsonValue | undefined, raw: JsonObject, path: string): FieldError[] {
  const { enum: supported } = raw
  if (!Array.isArray(supported) || supported.some(item => equalJson(item, value))) return []
  return [notSupported(path, value, supported)]
}

function validateItems(
  list: readonly JsonValue[],
  node: SchemaNode,
  path: string,
  before: Before | undefined,
): FieldError[] {
  const { items } = node
  if (items === undefined) return checkArray(list, node, path)
  const errors = list.flatMap((item, index) =>
    validateValue(item, items, indexPath(path, index), before && itemBefore(item, before.value, node.raw)),
  )
  return [...errors, ...checkArray(list, node, path)]
}

/** Only elements of list maps can be recognised again. */
function itemBefore(item: JsonValue, before: JsonValue | undefined, raw: JsonObject): Before | undefined {
  const names = raw['x-kubernetes-list-map-keys']
  if (raw['x-kubernetes-list-type'] !== 'map' || !Array.isArray(names)) return undefined
  if (!Array.isArray(before) || !isJsonObject(item)) return undefined
  const found = before.find(
    other => isJsonObject(other) && names.every(name => equalJson(other[String(name)], item[String(name)])),
  )
  return found === undefined ? undefined : { value: found }
}

function validateMembers(object: JsonObject, node: SchemaNode, path: string, before: Before | undefined): FieldError[] {
  const errors = checkMembersCount(object, node.raw, path)
  const old = isJsonObject(before?.value) ? before.value : undefined
  for (const key of Object.keys(object)) {
    const member = node.properties.get(key) ?? node.values
    if (member === undefined || member === true || object[key] === undefined) continue
    const memberBefore = old && Object.hasOwn(old, key) ? { value: old[key] } : undefined
    errors.push(...validateValue(object[key], member, memberPath(path, key), memberBefore))
  }
  for (const name of node.required) {
    if (getOwn(object, name) === undefined) errors.push(requiredValue(memberPath(path, name)))
  }
  return errors
}
