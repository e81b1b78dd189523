// A schema of a CRD or an APIResourceSchema: structural, with keywords that are allowed, defaults that fit and rules that
// compile and cost no more than they may.
import type { JsonObject } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkSchemaRules } from './cel/schema-rules.ts'
import { forbiddenField, invalidGoValue, invalidValue } from './field-errors.ts'
import { checkDefaults } from './schema-defaults.ts'
import { checkKeywords } from './schema-keywords.ts'
import { checkStructural } from './structural.ts'

export interface CheckedSchema {
  readonly schema: JsonObject
  /** E.g. `spec.validation.openAPIV3Schema`. */
  readonly path: string
  /** The status has an endpoint of its own. */
  readonly hasStatus: boolean
}

export function checkSchema({ schema, path, hasStatus }: CheckedSchema): FieldError[] {
  const errors = hasStatus ? checkRoot(schema, path) : []
  if (schema.nullable === true) errors.push(forbiddenField(`${path}.nullable`, 'nullable cannot be true at the root'))
  const keywords = checkKeywords(schema, path)
  // A schema with these has no structure to look at.
  if (isReadable(schema)) {
    const structural = checkStructural(schema, path)
    errors.push(...(structural.length > 0 || keywords.length > 0 ? structural : checkDefaults(schema, path)))
  }
  const isSound = isReadable(schema) && errors.length + keywords.length === 0
  return [...errors, ...keywords, ...checkSchemaRules(schema, path, { compiles: isSound })]
}

/** Their order is that of the fields in Kubernetes' Go type, and so is the text. */
const allowedAtRoot = {
  Description: 'description',
  Type: 'type',
  Format: 'format',
  Title: 'title',
  Maximum: 'maximum',
  ExclusiveMaximum: 'exclusiveMaximum',
  Minimum: 'minimum',
  ExclusiveMinimum: 'exclusiveMinimum',
  MaxLength: 'maxLength',
  MinLength: 'minLength',
  Pattern: 'pattern',
  MaxItems: 'maxItems',
  MinItems: 'minItems',
  UniqueItems: 'uniqueItems',
  MultipleOf: 'multipleOf',
  Required: 'required',
  Items: 'items',
  Properties: 'properties',
  ExternalDocs: 'externalDocs',
  Example: 'example',
  XPreserveUnknownFields: 'x-kubernetes-preserve-unknown-fields',
  XValidations: 'x-kubernetes-validations',
}
const allowedKeywords = new Set(Object.values(allowedAtRoot))

/** Status is validated alone with the schema of that member, so the root may say nothing about it. */
function checkRoot(schema: JsonObject, path: string): FieldError[] {
  if (schema.type !== 'object' && schema.type !== undefined && schema.type !== '') {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalidValue(`${path}.type`, schema.type, text)]
  }
  const unknown = Object.keys(schema).filter(keyword => !allowedKeywords.has(keyword) && keyword !== 'nullable')
  if (unknown.length === 0) return []
  const allowed = Object.keys(allowedAtRoot).join(' ')
  const text = `only [${allowed}] fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalidGoValue(path, JSON.stringify(unknown), text)]
}

const unreadable = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'additionalItems', 'definitions']

function isReadable(schema: JsonObject): boolean {
  const isPlain = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.every(isPlain)
    return typeof value !== 'object' || value === null || isReadable(value as JsonObject)
  }
  if (unreadable.some(keyword => schema[keyword] !== undefined) || Array.isArray(schema.items)) return false
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) return false
  const { properties, items, additionalProperties, not, allOf, anyOf, oneOf } = schema
  const members = typeof properties === 'object' && properties !== null ? Object.values(properties) : []
  return [...members, items, additionalProperties, not, allOf, anyOf, oneOf].every(isPlain)
}
