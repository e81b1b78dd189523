// What a rule may see of a schema: types, and how large values can get. Parts without a type are not seen at all.
// Leaves out: values (json-value.ts).
import type { JsonValue } from '../../../api/json.ts'
import type { SchemaNode } from '../schema-node.ts'
import { escapeName } from './field-names.ts'
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  type Type,
  timestampType,
} from './types.ts'

export interface Shape {
  readonly node: SchemaNode
  readonly form: 'object' | 'map' | 'list' | 'scalar' | 'int-or-string'
  readonly type: Type
  /** Elements of lists and maps, bytes of texts; 0 for what has no size. */
  readonly sizeMax: number
  /** Bytes of the smallest value in JSON. */
  readonly bytesMin: number
  /** Of objects: by the name in JSON, and by the name rules use. */
  readonly properties: ReadonlyMap<string, Shape>
  readonly fields: ReadonlyMap<string, { readonly name: string; readonly shape: Shape }>
  /** Of lists and maps. */
  readonly element: Shape | undefined
}

/** The type of the whole value; parts add their place. */
export const rootTypeName = 'selfType'
export const requestBytesMax = 3 * 1024 * 1024
const none: ReadonlyMap<string, never> = new Map<string, never>()

interface Place {
  /** Types of objects are named after their place. */
  readonly name: string
  readonly isRoot: boolean
}

/** undefined for what rules cannot see. The root of a resource always has its name and kind. */
export function shapeOf(node: SchemaNode, { name, isRoot }: Place): Shape | undefined {
  if (node.intOrString) return scalar(node, dynType, { sizeMax: requestBytesMax - 2, bytesMin: 1 })
  switch (node.type) {
    case 'array':
      return listShape(node, name)
    case 'object':
      return node.values === undefined || node.values === true || (isRoot && node.properties.size > 0)
        ? objectShape(node, { name, isRoot })
        : mapShape(node, name)
    case 'string':
      return textShape(node)
    case 'boolean':
      return scalar(node, boolType, { sizeMax: 0, bytesMin: 4 })
    case 'number':
      return scalar(node, doubleType, { sizeMax: 0, bytesMin: 1 })
    case 'integer':
      return scalar(node, intType, { sizeMax: 0, bytesMin: 1 })
  }
  return undefined
}

type Sizes = Pick<Shape, 'sizeMax' | 'bytesMin'>

function scalar(node: SchemaNode, type: Type, sizes: Sizes): Shape {
  const form = node.intOrString ? 'int-or-string' : 'scalar'
  return { node, form, type, ...sizes, properties: none, fields: none, element: undefined }
}

const limitOf = (value: JsonValue | undefined): number | undefined =>
  typeof value === 'number' ? Math.max(0, value) : undefined

function listShape(node: SchemaNode, name: string): Shape | undefined {
  const { items } = node
  const element = items && shapeOf(items, { name: `${name}.@idx`, isRoot: items.embedded })
  if (element === undefined) return undefined
  const sizeMax = limitOf(node.raw.maxItems) ?? Math.floor((requestBytesMax - 2) / (element.bytesMin + 1))
  const type = listOf(element.type)
  return { node, form: 'list', type, sizeMax, bytesMin: 2, properties: none, fields: none, element }
}

function mapShape(node: SchemaNode, name: string): Shape | undefined {
  const { values } = node
  if (values === undefined || values === true) return undefined
  const element = shapeOf(values, { name: `${name}.@elem`, isRoot: values.embedded })
  if (element === undefined) return undefined
  const sizeMax = limitOf(node.raw.maxProperties) ?? Math.floor((requestBytesMax - 2) / (element.bytesMin + 6))
  const type = mapOf(stringType, element.type)
  return { node, form: 'map', type, sizeMax, bytesMin: 2, properties: none, fields: none, element }
}

function objectShape(node: SchemaNode, { name, isRoot }: Place): Shape {
  const properties = new Map<string, Shape>()
  const fields = new Map<string, { name: string; shape: Shape }>()
  const types = new Map<string, Type>()
  let bytesMin = 2
  for (const [key, property] of isRoot ? withTypeMeta(node) : node.properties) {
    const escaped = escapeName(key)
    const shape = shapeOf(property, { name: `${name}.${escaped ?? key}`, isRoot: property.embedded })
    if (shape === undefined) continue
    properties.set(key, shape)
    if (escaped !== undefined) {
      fields.set(escaped, { name: key, shape })
      types.set(escaped, shape.type)
    }
    if (node.required.includes(key) && property.default === undefined) bytesMin += key.length + shape.bytesMin + 4
  }
  const type = objectType(name, types)
  return { node, form: 'object', type, sizeMax: 0, bytesMin, properties, fields, element: undefined }
}

const plain = (type: string, properties: ReadonlyMap<string, SchemaNode> = new Map()): SchemaNode => ({
  raw: { type },
  component: '',
  type,
  nullable: false,
  intOrString: false,
  open: false,
  embedded: false,
  required: [],
  properties,
  values: undefined,
  items: undefined,
  default: undefined,
})
const text = plain('string')
const typeMeta: readonly (readonly [string, SchemaNode])[] = [
  ['kind', text],
  ['apiVersion', text],
  [
    'metadata',
    plain(
      'object',
      new Map([
        ['name', text],
        ['generateName', text],
      ]),
    ),
  ],
]

/** Of metadata rules see the name only, unless the schema says both itself. */
function withTypeMeta(node: SchemaNode): ReadonlyMap<string, SchemaNode> {
  const own = node.properties.get('metadata')?.properties
  const isComplete =
    node.properties.get('kind')?.type === 'string' &&
    node.properties.get('apiVersion')?.type === 'string' &&
    own?.get('name')?.type === 'string' &&
    own?.get('generateName')?.type === 'string'
  return isComplete ? node.properties : new Map([...node.properties, ...typeMeta])
}

/** Longest texts of these formats, and shortest, in JSON. */
const textSizes: Readonly<Record<string, { type: Type; sizes: Sizes }>> = {
  duration: { type: durationType, sizes: { sizeMax: 32, bytesMin: 3 } },
  date: { type: timestampType, sizes: { sizeMax: 12, bytesMin: 12 } },
  'date-time': { type: timestampType, sizes: { sizeMax: 32, bytesMin: 21 } },
}

function textShape(node: SchemaNode): Shape {
  const { format, maxLength, enum: values } = node.raw
  const known = typeof format === 'string' && Object.hasOwn(textSizes, format) ? textSizes[format] : undefined
  if (known) return scalar(node, known.type, known.sizes)
  const limit = limitOf(maxLength)
  if (format === 'byte') return scalar(node, bytesType, { sizeMax: limit ?? requestBytesMax - 2, bytesMin: 2 })
  // A character may be four bytes.
  if (limit !== undefined) return scalar(node, stringType, { sizeMax: limit * 4, bytesMin: 2 })
  const longest = Array.isArray(values)
    ? Math.max(0, ...values.map(value => (typeof value === 'string' ? Buffer.byteLength(value) : 0)))
    : 0
  const isEnum = Array.isArray(values) && values.length > 0
  return scalar(node, stringType, { sizeMax: isEnum ? longest : requestBytesMax - 2, bytesMin: 2 })
}
