// Whether a schema is structural, as CRDs must be: every value has a type, and what prunes, defaults or merges is said
// outside combinators. Leaves out: which keywords may be used (schema-keywords.ts) and defaults (schema-defaults.ts).
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { forbiddenField, invalidValue, requiredValue } from './field-errors.ts'
import { indexPath, keyPath } from './field-path.ts'
import { goRegExpProblem } from './go-regexp.ts'

type Level = 'root' | 'items' | 'field'

/** `path` is that of the schema itself, e.g. `spec.validation.openAPIV3Schema`. Errors are sorted by their text. */
export function checkStructural(schema: JsonObject, path: string): FieldError[] {
  const errors = [...checkNode(schema, path, 'root'), ...checkComplete(schema, schema, { path, at: path })]
  const text = ({ field, message }: FieldError) => `${field}: ${message}`
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}

function checkNode(schema: JsonObject, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const { properties, items, additionalProperties } = schema
  if (schema.type === 'array' && items === undefined) errors.push(requiredValue(`${path}.items`, 'must be specified'))
  if (isJsonObject(items)) errors.push(...checkNode(items, `${path}.items`, 'items'))
  for (const [name, child] of schemaMembers(properties)) {
    errors.push(...checkNode(child, keyPath(`${path}.properties`, name), 'field'))
  }
  if (isJsonObject(additionalProperties)) {
    errors.push(...checkNode(additionalProperties, `${path}.additionalProperties`, 'field'))
  }
  if (additionalProperties !== undefined && level === 'root') {
    errors.push(forbiddenField(`${path}.additionalProperties`, 'must not be used at the root'))
  }
  return [
    ...errors,
    ...checkExtensions(schema, path),
    ...checkValues(schema, path, { anyOf: isIntOrString(schema.anyOf), allOf: hasIntOrString(schema.allOf) }),
    ...checkType(schema, path, level),
    ...checkResourceMembers(schema, path, level),
  ]
}

function checkExtensions(schema: JsonObject, path: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) return []
  return ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource']
    .filter(name => schema[name] === true)
    .map(name => invalidValue(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'))
}

const missingTypeTexts: Record<Level, string> = {
  root: 'must not be empty at the root',
  items: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

function checkType(schema: JsonObject, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const field = `${path}.type`
  const type = typeof schema.type === 'string' ? schema.type : ''
  const embedded = schema['x-kubernetes-embedded-resource'] === true
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (embedded && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type === '' ? requiredValue(field, text) : invalidValue(field, type, text))
  } else if (type === '' && schema['x-kubernetes-int-or-string'] !== true && !open) {
    errors.push(requiredValue(field, missingTypeTexts[level]))
  }
  if (embedded && schema.additionalProperties !== undefined) {
    const text = 'must not be used if x-kubernetes-embedded-resource is set'
    errors.push(forbiddenField(`${path}.additionalProperties`, text))
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    errors.push(invalidValue(field, type, 'must be object at the root'))
  }
  if (embedded && !open && schemaMembers(schema.properties).length === 0) {
    const text =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(requiredValue(`${path}.properties`, text))
  }
  return errors
}

/** apiVersion, kind and metadata of a resource have a meaning of their own. */
function checkResourceMembers(schema: JsonObject, path: string, level: Level): FieldError[] {
  if (level !== 'root' && schema['x-kubernetes-embedded-resource'] !== true) return []
  const errors: FieldError[] = []
  const { properties } = schema
  const member = (name: string) => (isJsonObject(properties) ? getOwn(properties, name) : undefined)
  for (const [name, type] of [
    ['kind', 'string'],
    ['apiVersion', 'string'],
    ['metadata', 'object'],
  ] as const) {
    const child = member(name)
    if (isJsonObject(child) && child.type !== type) {
      errors.push(
        invalidValue(`${keyPath(`${path}.properties`, name)}.type`, String(child.type ?? ''), `must be ${type}`),
      )
    }
  }
  const metadata = member('metadata')
  if (level === 'root' && isJsonObject(metadata) && !restrictsNamesOnly(metadata)) {
    const text = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
    errors.push(forbiddenField(keyPath(`${path}.properties`, 'metadata'), text))
  }
  return errors
}

function restrictsNamesOnly({ type: _type, default: _default, properties, ...rest }: JsonObject): boolean {
  const names = schemaMembers(properties).map(([name]) => name)
  return Object.keys(rest).length === 0 && names.every(name => name === 'name' || name === 'generateName')
}

interface Skipped {
  readonly anyOf: boolean
  /** Of the first allOf. */
  readonly allOf: boolean
}

const nothingSkipped: Skipped = { anyOf: false, allOf: false }

/** Value validations: patterns must compile, and combinators may only constrain. */
function checkValues(schema: JsonObject, path: string, skipped: Skipped): FieldError[] {
  const errors: FieldError[] = []
  const nested = (name: string) =>
    schemaList(schema[name]).map((each, i) => [each, indexPath(`${path}.${name}`, i)] as const)
  if (!skipped.anyOf) for (const [each, at] of nested('anyOf')) errors.push(...checkNested(each, at))
  nested('allOf').forEach(([each, at], index) => {
    errors.push(...checkNested(each, at, { anyOf: skipped.allOf && index === 0, allOf: false }))
  })
  for (const [each, at] of nested('oneOf')) errors.push(...checkNested(each, at))
  if (isJsonObject(schema.not)) errors.push(...checkNested(schema.not, `${path}.not`))
  const problem = typeof schema.pattern === 'string' ? goRegExpProblem(schema.pattern) : undefined
  if (problem === undefined) return errors
  const text = `must be a valid regular expression, but isn't: ${problem}`
  return [...errors, invalidValue(`${path}.pattern`, schema.pattern, text)]
}

const emptyInside: [keyword: string, word: string, isSet: (value: JsonValue) => boolean][] = [
  ['type', 'empty', value => value !== ''],
  ['default', 'undefined', value => value !== null],
  ['title', 'empty', value => value !== ''],
  ['description', 'empty', value => value !== ''],
  ['nullable', 'false', value => value === true],
  ['x-kubernetes-preserve-unknown-fields', 'false', value => value === true],
  ['x-kubernetes-embedded-resource', 'false', value => value === true],
  ['x-kubernetes-int-or-string', 'false', value => value === true],
  ['x-kubernetes-list-map-keys', 'empty', value => Array.isArray(value) && value.length > 0],
  ['x-kubernetes-list-type', 'undefined', value => value !== null],
  ['x-kubernetes-map-type', 'undefined', value => value !== null],
  ['x-kubernetes-validations', 'empty', value => Array.isArray(value) && value.length > 0],
]

function checkNested(schema: JsonObject, path: string, skipped: Skipped = nothingSkipped): FieldError[] {
  const errors = checkValues(schema, path, skipped)
  const { items, properties, additionalProperties } = schema
  if (isJsonObject(items)) errors.push(...checkNested(items, `${path}.items`))
  for (const [name, child] of schemaMembers(properties)) {
    errors.push(...checkNested(child, keyPath(`${path}.properties`, name)))
  }
  if (isJsonObject(additionalProperties) || additionalProperties === true) {
    errors.push(forbiddenField(`${path}.additionalProperties`, 'must be undefined to be structural'))
  }
  for (const [keyword, word, isSet] of emptyInside) {
    const value = schema[keyword]
    if (value !== undefined && isSet(value)) {
      errors.push(forbiddenField(`${path}.${keyword}`, `must be ${word} to be structural`))
    }
  }
  if (isJsonObject(properties) && getOwn(properties, 'metadata') !== undefined) {
    const text = 'must not be specified in a nested context'
    errors.push(forbiddenField(keyPath(`${path}.properties`, 'metadata'), text))
  }
  return errors
}

interface Places {
  /** Of the structural part, and of what constrains it. */
  readonly path: string
  readonly at: string
}

/** What combinators at the root speak of must be there outside of them too. */
function checkComplete(values: JsonObject, schema: JsonObject | undefined, places: Places): FieldError[] {
  const { at } = places
  const nested = (['allOf', 'anyOf', 'oneOf'] as const).flatMap(name =>
    schemaList(values[name]).map((each, index) => [each, indexPath(`${at}.${name}`, index)] as const),
  )
  const not = isJsonObject(values.not) ? [[values.not, `${at}.not`] as const] : []
  return [...not, ...nested].flatMap(([each, place]) => checkNestedComplete(each, schema, { ...places, at: place }))
}

function checkNestedComplete(values: JsonObject, schema: JsonObject | undefined, places: Places): FieldError[] {
  const { path, at } = places
  if (schema === undefined) return [requiredValue(path, `because it is defined in ${at}`)]
  const errors = checkComplete(values, schema, places)
  if (isJsonObject(values.items)) {
    const items = isJsonObject(schema.items) ? schema.items : undefined
    errors.push(...checkNestedComplete(values.items, items, { path: `${path}.items`, at: `${at}.items` }))
  }
  for (const [name, child] of schemaMembers(values.properties)) {
    const member = isJsonObject(schema.properties) ? getOwn(schema.properties, name) : undefined
    const inside = { path: keyPath(`${path}.properties`, name), at: keyPath(`${at}.properties`, name) }
    errors.push(...checkNestedComplete(child, isJsonObject(member) ? member : undefined, inside))
  }
  return errors
}

const intOrString = [{ type: 'integer' }, { type: 'string' }]

function isIntOrString(anyOf: JsonValue | undefined): boolean {
  return equalJson(anyOf, intOrString)
}

function hasIntOrString(allOf: JsonValue | undefined): boolean {
  const [first] = schemaList(allOf)
  return first !== undefined && isIntOrString(first.anyOf)
}

export function schemaMembers(schemas: JsonValue | undefined): [string, JsonObject][] {
  if (!isJsonObject(schemas)) return []
  return Object.entries(schemas).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
}

export function schemaList(schemas: JsonValue | undefined): JsonObject[] {
  return Array.isArray(schemas) ? schemas.filter(isJsonObject) : []
}
