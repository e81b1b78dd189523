// What an OpenAPI v3 document promises, as texts that can be compared: operations by path, types by component.
import { isObject } from './field-paths.ts'

type Json = Record<string, unknown>

export interface OpenapiFacts {
  /** `path method,method`. */
  readonly paths: string[]
  /** Component → `field:type` of each of its fields, required ones with `!`, or the type it is. */
  readonly components: Record<string, string>
}

const methods = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put']
const prefix = '#/components/schemas/'

export function openapiFacts(document: unknown): OpenapiFacts {
  const paths = membersOf(member(document, 'paths')).map(([path, item]) => {
    const served = methods.filter(method => member(item, method) !== undefined)
    return `${path} ${served.join(',')}`
  })
  const schemas = membersOf(member(member(document, 'components'), 'schemas'))
  return {
    paths: paths.sort(),
    components: Object.fromEntries(schemas.map(([name, schema]) => [name, shapeOf(schema)])),
  }
}

function shapeOf(schema: unknown): string {
  const properties = membersOf(member(schema, 'properties'))
  if (properties.length === 0) return typeOf(schema)
  const required = member(schema, 'required')
  const names = new Set(Array.isArray(required) ? required : [])
  return properties
    .map(([name, field]) => `${name}${names.has(name) ? '!' : ''}:${typeOf(field)}`)
    .sort()
    .join(' ')
}

function typeOf(schema: unknown): string {
  if (!isObject(schema)) return '?'
  const { $ref: reference, allOf, items, additionalProperties, type, format, oneOf } = schema
  if (typeof reference === 'string') return reference.slice(prefix.length).split('.').slice(-2).join('.')
  if (Array.isArray(allOf)) return typeOf(allOf[0])
  if (Array.isArray(oneOf)) return `oneOf(${oneOf.map(typeOf).join('|')})`
  if (items !== undefined) return `[${typeOf(items)}]`
  if (isObject(additionalProperties)) return `{${typeOf(additionalProperties)}}`
  return `${type ?? 'any'}${format === undefined ? '' : `(${format})`}`
}

const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)
const membersOf = (value: unknown): [string, Json][] =>
  isObject(value) ? (Object.entries(value) as [string, Json][]) : []
