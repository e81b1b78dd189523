// Schema validation of custom resources with the texts of Kubernetes' validator, in its order: type, combinators, the
// keywords of the type, enum, members. Leaves out: metadata (the registry's) and rules that compare (validation-rules.ts).
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkCombinators } from './combinators.ts'
import { notSupported, requiredValue, typeInvalid } from './field-errors.ts'
import { indexPath, memberPath } from './field-path.ts'
import { isInteger, typeName } from './go-value.ts'
import { checkArray, checkMembersCount, checkNumber, checkText } from './keywords.ts'
import type { SchemaNode } from './schema-node.ts'

export function validateValue(value: JsonValue | undefined, node: SchemaNode, path: string): FieldError[] {
  if (value === null && node.nullable) return []
  const typeError = checkType(value, node, path)
  if (typeError) return [typeError]
  const errors = checkCombinators(value, node, { path, validate: validateValue })
  if (typeof value === 'string') errors.push(...checkText(value, node.raw, path))
  if (typeName(value) === 'integer' || typeName(value) === 'number') errors.push(...checkNumber(value, node.raw, path))
  if (Array.isArray(value)) errors.push(...validateItems(value, node, path))
  errors.push(...checkEnum(value, node.raw, path))
  if (isJsonObject(value)) errors.push(...validateMembers(value, node, path))
  return errors
}

function checkType(value: JsonValue | undefined, node: SchemaNode, path: string): FieldError | undefined {
  const name = typeName(value)
  const wanted = node.intOrString ? 'integer,string' : node.type
  if (wanted === '' || wanted === name) return undefined
  if (node.intOrString && (name === 'string' || name === 'integer')) return undefined
  if (wanted === 'number' && name === 'integer') return undefined
  if (wanted === 'integer' && isInteger(value)) return undefined
  return typeInvalid(path, name, `${path} in body must be of type ${wanted}: "${name}"`)
}

function checkEnum(value: JsonValue | undefined, raw: JsonObject, path: string): FieldError[] {
  const { enum: supported } = raw
  if (!Array.isArray(supported) || supported.some(item => equalJson(item, value))) return []
  return [notSupported(path, value, supported)]
}

function validateItems(list: readonly JsonValue[], node: SchemaNode, path: string): FieldError[] {
  const { items } = node
  const errors =
    items === undefined ? [] : list.flatMap((item, index) => validateValue(item, items, indexPath(path, index)))
  return [...errors, ...checkArray(list, node, path)]
}

function validateMembers(object: JsonObject, node: SchemaNode, path: string): FieldError[] {
  const errors = checkMembersCount(object, node.raw, path)
  for (const key of Object.keys(object)) {
    const member = node.properties.get(key) ?? node.values
    if (member === undefined || member === true || object[key] === undefined) continue
    errors.push(...validateValue(object[key], member, memberPath(path, key)))
  }
  for (const name of node.required) {
    if (getOwn(object, name) === undefined) errors.push(requiredValue(memberPath(path, name)))
  }
  return errors
}
