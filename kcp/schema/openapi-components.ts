// The schemas of OpenAPI documents: native ones from the table with everything they refer to, others from their CRD.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { ServedType } from './served-type.ts'

export type FindComponent = (name: string) => JsonObject | undefined

/** How a document writes a schema; references come in as bare names. */
export type WriteSchema = (schema: JsonObject) => JsonObject

export const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const metaNames = ['DeleteOptions', 'ListMeta', 'ObjectMeta', 'Patch', 'Status'].map(name => `${metaPackage}.${name}`)

/** Native types have their Go package's name; others the reversed group, version and kind. */
export function componentName(type: Pick<ServedType, 'group' | 'version' | 'kind' | 'schema'>): string {
  if (type.schema.component !== undefined) return type.schema.component
  const group = type.group === '' ? 'core' : type.group.split('.').reverse().join('.')
  return `${group}.${type.version}.${type.kind}`
}

/** Every schema the types need, in bare-name form, sorted by name. */
export function collectComponents(
  types: readonly ServedType[],
  find: FindComponent,
  alsoNeeded: readonly string[] = [],
): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>()
  const visit = (name: string) => {
    const schema = found.has(name) ? undefined : find(name)
    if (schema === undefined) return
    found.set(name, nativeComponent(schema))
    for (const reference of references(schema)) visit(reference)
  }
  for (const name of [...metaNames, ...alsoNeeded]) visit(name)
  for (const type of types) {
    const name = componentName(type)
    if (type.schema.component !== undefined) visit(name)
    else found.set(name, customComponent(type))
    if (type.verbs.includes('list')) found.set(`${name}List`, listComponent(type, name))
    for (const { responseKind } of Object.values(type.subresources)) {
      if (responseKind !== undefined) visit(kindComponent(responseKind))
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Kubernetes' own schemas do not say what may hold anything. */
function nativeComponent({ 'x-kubernetes-preserve-unknown-fields': _, ...schema }: JsonObject): JsonObject {
  return schema
}

/** `io.k8s.api.autoscaling.v1.Scale` for the kinds of subresources. */
export function kindComponent({ group, version, kind }: { group: string; version: string; kind: string }): string {
  const folder = group === '' ? 'core' : (group.split('.')[0] ?? group)
  return `io.k8s.api.${folder}.${version}.${kind}`
}

/** `kubectl explain` shows them of every custom resource, and of what is embedded in one. */
const typeMembers: JsonObject = {
  apiVersion: {
    description: 'APIVersion defines the group and version of the schema that this object is written in.',
    type: 'string',
  },
  kind: { description: 'Kind is the type of this object, in CamelCase. It never changes.', type: 'string' },
}

const objectMembers: JsonObject = {
  ...typeMembers,
  metadata: { description: "Standard object's metadata: name, labels, owners.", $ref: `${metaPackage}.ObjectMeta` },
}

function customComponent(type: ServedType): JsonObject {
  const { openApi } = type.schema
  const { properties, ...schema } = isPlain(openApi) ? openApi : mapChildren(openApi, embeddedComponent)
  return {
    ...schema,
    type: 'object',
    properties: { ...(isJsonObject(properties) ? properties : {}), ...objectMembers },
    'x-kubernetes-group-version-kind': [{ group: type.group, version: type.version, kind: type.kind }],
  }
}

/** An embedded resource has what every object has, wherever it stands. */
function embeddedComponent(schema: JsonObject): JsonObject {
  if (isPlain(schema)) return schema
  const component = mapChildren(schema, embeddedComponent)
  if (component['x-kubernetes-embedded-resource'] !== true) return component
  const { properties, required } = component
  return {
    ...component,
    properties: { ...(isJsonObject(properties) ? properties : {}), ...objectMembers },
    required: [...new Set([...(Array.isArray(required) ? required : []), 'kind', 'apiVersion'])],
  }
}

function listComponent(type: ServedType, name: string): JsonObject {
  return {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: { $ref: name } },
      kind: { type: 'string' },
      metadata: { $ref: `${metaPackage}.ListMeta` },
    },
    'x-kubernetes-group-version-kind': [{ group: type.group, version: type.version, kind: type.listKind }],
  }
}

function references(schema: JsonObject): string[] {
  const own = typeof schema.$ref === 'string' ? [schema.$ref] : []
  return [...own, ...children(schema).flatMap(references)]
}

function children({ properties, items, additionalProperties }: JsonObject): JsonObject[] {
  const members = isJsonObject(properties) ? Object.values(properties) : []
  return [...members, items, additionalProperties].filter(isJsonObject)
}

const changedKeywords = new Set([
  '$ref',
  'allOf',
  'anyOf',
  'not',
  'nullable',
  'oneOf',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-preserve-unknown-fields',
])

/** Of objects: each form of each document asks, and looking through members costs more than writing them does. */
const plainObjects = new WeakMap<JsonObject, boolean>()

/** Written the same everywhere, like most schemas: nothing in it is said in other words anywhere. */
export function isPlain(schema: JsonObject): boolean {
  const { properties } = schema
  if (!isJsonObject(properties)) return hasPlainParts(schema)
  let known = plainObjects.get(schema)
  if (known === undefined) {
    known = hasPlainParts(schema) && Object.values(properties).every(isPlainOrNone)
    plainObjects.set(schema, known)
  }
  return known
}

function hasPlainParts(schema: JsonObject): boolean {
  for (const keyword in schema) if (changedKeywords.has(keyword)) return false
  const { items, additionalProperties, required } = schema
  if (Array.isArray(required) && required.length === 0) return false
  return isPlainOrNone(items) && isPlainOrNone(additionalProperties)
}

function isPlainOrNone(schema: JsonValue | undefined): boolean {
  return !isJsonObject(schema) || isPlain(schema)
}

/** OpenAPI 3.0: a reference with siblings needs allOf around it. */
export function writeV3Schema(schema: JsonObject): JsonObject {
  if (isPlain(schema)) return schema
  const { $ref: reference, ...rest } = mapChildren(schema, writeV3Schema)
  if (typeof reference !== 'string') return mapCombinators(rest, writeV3Schema)
  const target = { $ref: `#/components/schemas/${reference}` }
  return Object.keys(rest).length === 0 ? target : { ...rest, allOf: [target] }
}

export function mapChildren(schema: JsonObject, write: WriteSchema): JsonObject {
  const { properties, items, additionalProperties, ...rest } = schema
  return {
    ...rest,
    ...(isJsonObject(properties) ? { properties: mapValues(properties, write) } : {}),
    ...(items === undefined ? {} : { items: writeIfSchema(items, write) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: writeIfSchema(additionalProperties, write) }),
  }
}

function mapCombinators(schema: JsonObject, write: WriteSchema): JsonObject {
  const result: JsonObject = { ...schema }
  for (const name of ['oneOf', 'anyOf', 'allOf'] as const) {
    const list = schema[name]
    if (Array.isArray(list)) result[name] = list.map(item => writeIfSchema(item, write))
  }
  return result
}

function mapValues(schemas: JsonObject, write: WriteSchema): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, writeIfSchema(value ?? {}, write)]))
}

function writeIfSchema(value: JsonValue, write: WriteSchema): JsonValue {
  return isJsonObject(value) ? write(value) : value
}
