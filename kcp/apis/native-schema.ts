// Schemas of Kubernetes' own types, from the generated table. Types are decoded as Go does it (400 for a wrong type);
// validation knows enums and required texts, the rest is each kind's strategy.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { Topology } from '../../api/patch/topology.ts'
import { badRequest, type FieldError } from '../../api/status-error.ts'
import { decodeObject } from '../schema/decode.ts'
import { applyObjectDefaults } from '../schema/defaults.ts'
import { notSupported, requiredValue } from '../schema/field-errors.ts'
import { indexPath, keyPath, memberPath } from '../schema/field-path.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'
import { pruneObject } from '../schema/prune.ts'
import { createSchemaNodes, type SchemaNode } from '../schema/schema-node.ts'
import { objectTopology } from '../schema/topology.ts'
import componentTable from './generated/kubernetes-components.json' with { type: 'json' }
import structMembers from './generated/kubernetes-structs.json' with { type: 'json' }
import type { NativeRules } from './native-rules.ts'
import { describeObjectMeta } from './object-meta-descriptions.ts'

const structTable: Readonly<Record<string, readonly string[]>> = structMembers
const table = componentTable as unknown as Readonly<Record<string, JsonObject>>
const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const components: typeof table = { ...table, [objectMeta]: describeObjectMeta(table[objectMeta] ?? {}) }

export function findComponent(name: string): JsonObject | undefined {
  return Object.hasOwn(components, name) ? components[name] : undefined
}

const nodeOf = createSchemaNodes(reference => {
  const schema = findComponent(reference)
  if (schema === undefined) throw new Error(`unknown component ${reference}`)
  return { component: reference, schema }
})

const topologies = new Map<string, Topology>()

export function nativeTopology(component: string): Topology {
  let topology = topologies.get(component)
  if (topology === undefined) {
    topology = objectTopology(nodeOf({ $ref: component }), zerosOf)
    topologies.set(component, topology)
  }
  return topology
}

/** Members that are Go structs are always there, and so is what may not be left out. */
function zerosOf(node: SchemaNode): Topology['zeros'] {
  const structs = structTable[node.component] ?? []
  const zeros: Record<string, JsonValue> = {}
  for (const name of node.required) zeros[name] = zeroOf(node.properties.get(name))
  for (const name of structs) zeros[name] = {}
  if (node.component.endsWith('.ObjectMeta')) zeros.creationTimestamp = null
  return Object.keys(zeros).length === 0 ? undefined : zeros
}

function zeroOf(node: SchemaNode | undefined): JsonValue {
  if (node?.type === 'string' && node.raw.format !== 'date-time') return ''
  if (node?.type === 'boolean') return false
  return node?.type === 'integer' || node?.type === 'number' ? 0 : null
}

export interface NativeKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly component: string
}

type SchemaRules = Pick<NativeRules, 'defaults' | 'namesMissing'>

const schemas = new Map<string, ObjectSchema>()

/** A kind always comes with the same rules. */
export function nativeSchema(kind: NativeKind, rules: SchemaRules = {}): ObjectSchema {
  let schema = schemas.get(kind.component)
  if (schema === undefined) {
    schema = createNativeSchema(kind, rules)
    schemas.set(kind.component, schema)
  }
  return schema
}

function createNativeSchema(
  { version, kind, component }: NativeKind,
  { defaults, namesMissing }: SchemaRules,
): ObjectSchema {
  let root: SchemaNode | undefined
  const rootNode = () => {
    root ??= nodeOf({ $ref: component })
    return root
  }
  return {
    component,
    findComponent,
    get openApi() {
      return findComponent(component) ?? {}
    },
    get topology() {
      return nativeTopology(component)
    },
    prune(object) {
      const json = asJson(object)
      const problem = decodeObject(json, rootNode())
      if (problem !== undefined) {
        throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`)
      }
      return pruneObject(json, rootNode())
    },
    applyDefaults(object) {
      const json = asJson(object)
      applyObjectDefaults(json, rootNode())
      defaults?.(json)
    },
    validate: object => checkMembers(asJson(object), { node: rootNode(), path: '', required: namesMissing !== true }),
  }
}

function asJson(object: KubeObject): JsonObject {
  if (!isJsonObject(object)) throw new TypeError('an object of the API is a JSON object')
  return object
}

interface Place {
  readonly node: SchemaNode
  readonly path: string
  /** Whether missing texts are told. */
  readonly required: boolean
}

function checkMembers(object: JsonObject, { node, path, required }: Place): FieldError[] {
  const errors: FieldError[] = []
  for (const key of Object.keys(object)) {
    if (path === '' && (key === 'metadata' || key === 'status')) continue
    const field = node.properties.get(key)
    const member = field ?? node.values
    if (member === undefined || member === true) continue
    const at = field ? memberPath(path, key) : keyPath(path, key)
    errors.push(...checkValue(object[key], { node: member, path: at, required }))
  }
  for (const name of required ? node.required : []) {
    const isText = node.properties.get(name)?.type === 'string'
    if (isText && object[name] === undefined) errors.push(requiredValue(memberPath(path, name)))
  }
  return errors
}

function checkValue(value: JsonValue | undefined, place: Place): FieldError[] {
  const { node, path } = place
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return []
    return value.flatMap((item, index) => checkValue(item, { ...place, node: items, path: indexPath(path, index) }))
  }
  if (isJsonObject(value)) return node.open ? [] : checkMembers(value, place)
  const { enum: supported } = node.raw
  if (!Array.isArray(supported) || value === undefined || value === '' || supported.includes(value)) return []
  return [notSupported(path, value, supported)]
}
