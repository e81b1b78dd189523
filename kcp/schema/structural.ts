// Whether a schema is structural, as CRDs must be: every value has a type, and what prunes or merges is said outside
// combinators. Leaves out: defaults that would be pruned, and rules.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { forbiddenField, invalidValue, notSupported, requiredValue } from './field-errors.ts'
import { keyPath } from './field-path.ts'
import { goRegExpProblem } from './go-regexp.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** `path` is that of the schema itself, e.g. `spec.versions[0].schema.openAPIV3Schema`. */
export function checkStructural(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.type === undefined || schema.type === '') {
    errors.push(requiredValue(`${path}.type`, 'must not be empty at the root'))
  } else if (schema.type !== 'object') {
    errors.push(invalidValue(`${path}.type`, schema.type, 'must be object at the root'))
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const detail = 'must be true or undefined'
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, detail))
  }
  return [...errors, ...checkChildren(schema, path)]
}

function checkChildren(schema: JsonObject, path: string): FieldError[] {
  const errors = checkKeywords(schema, path)
  const { properties, items, additionalProperties } = schema
  if (isJsonObject(properties)) {
    for (const [name, child] of Object.entries(properties)) {
      errors.push(
        ...checkChild(child, keyPath(`${path}.properties`, name), 'must not be empty for specified object fields'),
      )
    }
    if (additionalProperties !== undefined && additionalProperties !== false) {
      errors.push(
        forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
      )
    }
  }
  if (items !== undefined) {
    errors.push(...checkChild(items, `${path}.items`, 'must not be empty for specified array items'))
  } else if (schema.type === 'array') errors.push(requiredValue(`${path}.items`, 'must be specified'))
  if (isJsonObject(additionalProperties)) {
    const text = 'must not be empty for specified object fields'
    errors.push(...checkChild(additionalProperties, `${path}.additionalProperties`, text))
  }
  return errors
}

function checkChild(child: JsonValue | undefined, path: string, missingText: string): FieldError[] {
  if (!isJsonObject(child)) return []
  const isOpen = child['x-kubernetes-int-or-string'] === true || child['x-kubernetes-preserve-unknown-fields'] === true
  const isMissing = child.type === undefined || child.type === ''
  const errors = isMissing && !isOpen ? [requiredValue(`${path}.type`, missingText)] : []
  return [...errors, ...checkChildren(child, path)]
}

function checkKeywords(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { type, pattern } = schema
  if (typeof type === 'string' && type !== '' && !types.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, types))
  }
  const problem = typeof pattern === 'string' ? goRegExpProblem(pattern) : undefined
  if (problem !== undefined) {
    errors.push(invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`))
  }
  if (schema.$ref !== undefined) errors.push(forbiddenField(`${path}.$ref`, '$ref is not supported'))
  if (schema.uniqueItems === true) {
    errors.push(
      forbiddenField(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  }
  return [...errors, ...checkListKeywords(schema, path)]
}

function checkListKeywords(schema: JsonObject, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys']
  const count = Array.isArray(keys) ? keys.length : 0
  if (listType !== undefined && schema.type !== 'array') {
    return [invalidValue(`${path}.type`, schema.type, 'must be array if x-kubernetes-list-type is specified')]
  }
  if (listType === 'map' && count === 0) {
    const text = 'must not be empty if x-kubernetes-list-type is map'
    return [requiredValue(`${path}.x-kubernetes-list-map-keys`, text)]
  }
  if (listType !== 'map' && count > 0) {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty'
    return [invalidValue(`${path}.x-kubernetes-list-type`, listType, text)]
  }
  return []
}
