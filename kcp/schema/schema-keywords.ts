// Which keywords of OpenAPI a CRD's schema may use, and what Kubernetes' own keywords ask of their neighbours.
// Leaves out: structure (structural.ts) and the values of defaults (schema-defaults.ts).
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { forbiddenField, invalidValue, notSupported, requiredValue } from './field-errors.ts'
import { indexPath, keyPath } from './field-path.ts'
import { checkListKeywords } from './list-keywords.ts'
import { schemaList, schemaMembers } from './structural.ts'

interface Place {
  readonly path: string
  readonly isRoot: boolean
  /** Inside apiVersion, kind or metadata of a resource. */
  readonly insideMeta: boolean
  /** Why a default may not stand here; '' where it may. */
  readonly noDefaults: string
}

export function checkKeywords(schema: JsonObject, path: string): FieldError[] {
  return checkNode(schema, { path, isRoot: true, insideMeta: false, noDefaults: '' })
}

function checkNode(schema: JsonObject, place: Place): FieldError[] {
  const { path } = place
  const errors = checkForbidden(schema, place)
  if (schema.uniqueItems === true) {
    const text = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    errors.push(forbiddenField(`${path}.uniqueItems`, text))
  }
  errors.push(...checkAdditional(schema, place), ...checkProperties(schema, place))
  const inside = { ...place, isRoot: false }
  for (const [child, at] of combined(schema, path)) errors.push(...checkNode(child, { ...inside, path: at }))
  if (isJsonObject(schema.items)) errors.push(...checkNode(schema.items, { ...inside, path: `${path}.items` }))
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const text = 'must be true or undefined'
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, text))
  }
  return [...errors, ...checkMapType(schema, path), ...checkListKeywords(schema, path)]
}

function combined(schema: JsonObject, path: string): (readonly [JsonObject, string])[] {
  const lists = ['allOf', 'oneOf', 'anyOf'].flatMap(name =>
    schemaList(schema[name]).map((each, index) => [each, indexPath(`${path}.${name}`, index)] as const),
  )
  return isJsonObject(schema.not) ? [[schema.not, `${path}.not`], ...lists] : lists
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const notSupportedKeywords: [keyword: string, isSet: (value: JsonValue) => boolean][] = [
  ['id', value => value !== ''],
  ['additionalItems', value => value !== null],
  ['patternProperties', value => isJsonObject(value) && Object.keys(value).length > 0],
  ['definitions', value => isJsonObject(value) && Object.keys(value).length > 0],
  ['dependencies', value => value !== null],
  ['$ref', value => value !== null],
]

function checkForbidden(schema: JsonObject, { path, insideMeta, noDefaults }: Place): FieldError[] {
  const errors: FieldError[] = []
  const { type } = schema
  if (typeof type === 'string' && type !== '' && !types.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, types))
  }
  if (schema.default !== undefined && schema.default !== null && noDefaults !== '') {
    errors.push(forbiddenField(`${path}.default`, `must not be set ${noDefaults}`))
  }
  for (const [keyword, isSet] of notSupportedKeywords) {
    const value = schema[keyword]
    if (value !== undefined && isSet(value)) {
      errors.push(forbiddenField(`${path}.${keyword}`, `${keyword} is not supported`))
    }
  }
  if (type === 'null') {
    errors.push(forbiddenField(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'))
  }
  if (Array.isArray(schema.items)) {
    errors.push(forbiddenField(`${path}.items`, 'items must be a schema object and not an array'))
  }
  if (insideMeta && schema['x-kubernetes-embedded-resource'] === true) {
    errors.push(forbiddenField(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'))
  }
  return errors
}

function checkAdditional(schema: JsonObject, place: Place): FieldError[] {
  const { additionalProperties } = schema
  if (additionalProperties === undefined) return []
  const path = `${place.path}.additionalProperties`
  const errors: FieldError[] = []
  if (schemaMembers(schema.properties).length > 0 && additionalProperties !== true) {
    errors.push(forbiddenField(path, 'additionalProperties and properties are mutual exclusive'))
  }
  if (!isJsonObject(additionalProperties)) return errors
  const noDefaults = place.insideMeta ? 'inside additionalProperties applying to object metadata' : place.noDefaults
  return [...errors, ...checkNode(additionalProperties, { ...place, isRoot: false, noDefaults, path })]
}

const metaMembers = new Set(['metadata', 'kind', 'apiVersion'])

function checkProperties(schema: JsonObject, place: Place): FieldError[] {
  const isResource = place.isRoot || schema['x-kubernetes-embedded-resource'] === true
  return schemaMembers(schema.properties).flatMap(([name, child]) => {
    const entersMeta = isResource && metaMembers.has(name)
    return checkNode(child, {
      path: keyPath(`${place.path}.properties`, name),
      isRoot: false,
      insideMeta: place.insideMeta || entersMeta,
      noDefaults: entersMeta && place.isRoot ? `in top-level ${name}` : place.noDefaults,
    })
  })
}

const mapTypes = ['atomic', 'granular']

function checkMapType(schema: JsonObject, path: string): FieldError[] {
  const mapType = schema['x-kubernetes-map-type']
  if (typeof mapType !== 'string') return []
  const errors: FieldError[] = []
  if (schema.type !== 'object') {
    const text = 'must be object if x-kubernetes-map-type is specified'
    errors.push(schema.type ? invalidValue(`${path}.type`, schema.type, text) : requiredValue(`${path}.type`, text))
  }
  if (!mapTypes.includes(mapType)) errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, mapTypes))
  return errors
}
