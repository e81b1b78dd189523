// From an OpenAPI definition (v2 or v3) to a structural schema, as kcp compares it with the schemas of an export: all
// references inlined, list types and map keys explicit, server defaults and descriptions of types left out. Pure.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../api/json.ts'

export type Definitions = (name: string) => JsonObject | undefined

/** Throws for recursive types, which have no structural schema. */
export function convertDefinition(name: string, definitions: Definitions): JsonObject {
  const definition = definitions(name)
  if (!definition) throw new Error(`no definition of ${name}`)
  return convertType(definition, { definition: name, visiting: [name], definitions, isRoot: true })
}

interface Place {
  /** The definition the node stands in. */
  readonly definition: string
  readonly visiting: readonly string[]
  readonly definitions: Definitions
  readonly isRoot: boolean
}

/** Names of definitions end like this; what comes before is `io.k8s.` and the like. */
const fixedSchemas: readonly [suffix: string, schema: JsonObject][] = [
  ['.api.core.v1.Protocol', { type: 'string', default: 'TCP' }],
  ['.meta.v1.ObjectMeta', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
  ['.meta.v1.Time', { type: 'string', format: 'date-time' }],
  ['.meta.v1.MicroTime', { type: 'string', format: 'date-time' }],
  ['.meta.v1.Duration', { type: 'string' }],
  ['.meta.v1.Fields', { type: 'object', additionalProperties: true }],
  ['.meta.v1.FieldsV1', { type: 'object', additionalProperties: true }],
  [
    '.api.resource.Quantity',
    {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern:
        '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
      'x-kubernetes-int-or-string': true,
    },
  ],
  ['.runtime.RawExtension', { type: 'object' }],
  ['.unstructured.Unstructured', { type: 'object' }],
  [
    '.util.intstr.IntOrString',
    { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
  ],
  ['.apiextensions.v1.JSON', { 'x-kubernetes-preserve-unknown-fields': true }],
  ['.apiextensions.v1beta1.JSON', { 'x-kubernetes-preserve-unknown-fields': true }],
]

/** Kubernetes documents these defaults nowhere in v2, but they are keys of lists. */
const defaultedFields: Readonly<Record<string, JsonValue>> = {
  'io.k8s.api.core.v1.ContainerPort.protocol': 'TCP',
  'io.k8s.api.core.v1.ServicePort.protocol': 'TCP',
}

function convertNode(node: JsonObject, place: Place): JsonObject {
  const reference = referenceOf(node)
  const schema = reference === undefined ? convertType(node, place) : convertReference(reference, place)
  const description = node.description
  return typeof description === 'string' && description !== '' ? { ...schema, description } : schema
}

function convertReference(name: string, place: Place): JsonObject {
  const fixed = fixedSchemas.find(([suffix]) => name.endsWith(suffix))?.[1]
  const definition = place.definitions(name)
  const description = typeof definition?.description === 'string' ? { description: definition.description } : {}
  if (fixed) return { ...fixed, ...description }
  if (place.visiting.includes(name)) throw new Error(`recursive schema are not supported: ${name}`)
  if (!definition) throw new Error(`no definition of ${name}`)
  return convertType(definition, { ...place, definition: name, visiting: [...place.visiting, name], isRoot: false })
}

function convertType(node: JsonObject, place: Place): JsonObject {
  const described = typeof node.description === 'string' ? { description: node.description } : {}
  if (isJsonObject(node.properties)) return { ...described, ...convertObject(node, node.properties, place) }
  switch (node.type) {
    case undefined:
      return { ...described, ...arbitrary(node) }
    case 'object':
      return { ...described, ...convertMap(node, place) }
    case 'array':
      return { ...described, ...convertArray(node, place) }
    default:
      return { ...described, ...convertPrimitive(node) }
  }
}

function arbitrary(node: JsonObject): JsonObject {
  if (node['x-kubernetes-int-or-string'] === true || node.format === 'int-or-string') {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true }
  }
  const open = node['x-kubernetes-preserve-unknown-fields'] === true
  return {
    'x-kubernetes-embedded-resource': true,
    ...(open ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  }
}

function convertObject(node: JsonObject, properties: JsonObject, place: Place): JsonObject {
  const converted: JsonObject = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue
    setOwn(converted, name, convertField(name, property, place))
  }
  const required = strings(node.required)
  return { type: 'object', properties: converted, ...(required.length > 0 ? { required } : {}) }
}

function convertField(name: string, property: JsonObject, place: Place): JsonObject {
  if (place.isRoot && name === 'metadata') return { type: 'object' }
  const schema = convertNode(property, { ...place, isRoot: false })
  const preset = defaultedFields[`${place.definition}.${name}`]
  return preset === undefined ? schema : { ...schema, default: preset }
}

function convertMap(node: JsonObject, place: Place): JsonObject {
  const { additionalProperties: values } = node
  const open = node['x-kubernetes-preserve-unknown-fields'] === true
  return {
    type: 'object',
    ...(isJsonObject(values) ? { additionalProperties: convertNode(values, { ...place, isRoot: false }) } : {}),
    ...(open ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  }
}

function convertPrimitive(node: JsonObject): JsonObject {
  const { type, format } = node
  if (format === 'int-or-string') return arbitrary(node)
  return { ...(type === undefined ? {} : { type }), ...(typeof format === 'string' && format !== '' ? { format } : {}) }
}

function convertArray(node: JsonObject, place: Place): JsonObject {
  const items = isJsonObject(node.items) ? convertNode(node.items, { ...place, isRoot: false }) : {}
  // The element's text says nothing of the list.
  const { description: _, ...element } = items
  const { listType, mapKeys } = listTopology(node, element)
  return {
    type: 'array',
    items: requireKeys(element, mapKeys),
    ...(mapKeys.length > 0 ? { 'x-kubernetes-list-map-keys': mapKeys } : {}),
    ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType }),
  }
}

function listTopology(node: JsonObject, element: JsonObject): { listType: string | undefined; mapKeys: string[] } {
  const strategy = text(node['x-kubernetes-patch-strategy'])
  const keys = strings(node['x-kubernetes-list-map-keys'])
  const mergeKey = text(node['x-kubernetes-patch-merge-key'])
  const mapKeys = keys.length > 0 || mergeKey === '' ? keys : [mergeKey]
  const explicit = text(node['x-kubernetes-list-type'])
  if (explicit !== '') return { listType: explicit, mapKeys }
  if (strategy === '') return { listType: keys.length === 0 && mergeKey !== '' ? 'map' : undefined, mapKeys }
  if (!strategy.split(',').includes('merge')) return { listType: 'atomic', mapKeys }
  return { listType: element.type === 'object' ? 'map' : 'set', mapKeys }
}

/** A structural schema demands that key fields are required or have a default. */
function requireKeys(element: JsonObject, mapKeys: readonly string[]): JsonObject {
  const { properties } = element
  if (mapKeys.length === 0 || !isJsonObject(properties)) return element
  const hasDefault = (name: string) => {
    const property = getOwn(properties, name)
    return isJsonObject(property) && property.default !== undefined
  }
  const required = [...new Set([...strings(element.required), ...mapKeys])].filter(name => !hasDefault(name)).sort()
  const { required: _, ...rest } = element
  return required.length > 0 ? { ...rest, required } : rest
}

/** v2: `{$ref: '#/definitions/N'}`; v3: the same below components, often wrapped in allOf to carry a default. */
function referenceOf(node: JsonObject): string | undefined {
  const wrapped = Array.isArray(node.allOf) && node.allOf.length === 1 ? node.allOf[0] : node
  const reference = isJsonObject(wrapped) ? wrapped.$ref : undefined
  return typeof reference === 'string' ? reference.slice(reference.lastIndexOf('/') + 1) : undefined
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
function strings(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
