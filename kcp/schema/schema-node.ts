// A JSON schema as a graph of nodes that are built when first looked at, so that references may form cycles and a type
// nobody uses costs nothing. Leaves out: what the keywords mean (prune, defaults, validate, topology read them).
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'

export interface SchemaNode {
  /** The keywords, with a reference already followed. */
  readonly raw: JsonObject
  /** Name of the component this node comes from; '' for inline schemas. */
  readonly component: string
  readonly type: string
  readonly nullable: boolean
  readonly intOrString: boolean
  /** x-kubernetes-preserve-unknown-fields. */
  readonly open: boolean
  /** x-kubernetes-embedded-resource. */
  readonly embedded: boolean
  readonly required: readonly string[]
  readonly properties: ReadonlyMap<string, SchemaNode>
  /** Schema of values with other names; true: anything; undefined: none are allowed. */
  readonly values: SchemaNode | true | undefined
  readonly items: SchemaNode | undefined
  readonly default: JsonValue | undefined
}

/** Finds the schema a `$ref` names. */
export type ResolveReference = (reference: string) => { readonly component: string; readonly schema: JsonObject }

const noReferences: ResolveReference = reference => {
  throw new Error(`unexpected reference ${reference}`)
}

/** Nodes of one set of components: the same component is the same node. */
export function createSchemaNodes(resolve: ResolveReference = noReferences): (schema: JsonObject) => SchemaNode {
  const components = new Map<string, SchemaNode>()
  const nodeOf = (schema: JsonObject): SchemaNode => {
    const { $ref: reference, ...siblings } = schema
    if (typeof reference !== 'string') return createNode(schema, '', nodeOf)
    const target = resolve(reference)
    if (Object.keys(siblings).length > 0) return createNode({ ...target.schema, ...siblings }, target.component, nodeOf)
    let node = components.get(target.component)
    if (node === undefined) {
      node = createNode(target.schema, target.component, nodeOf)
      components.set(target.component, node)
    }
    return node
  }
  return nodeOf
}

function createNode(raw: JsonObject, component: string, nodeOf: (schema: JsonObject) => SchemaNode): SchemaNode {
  let properties: ReadonlyMap<string, SchemaNode> | undefined
  let values: { node: SchemaNode | true | undefined } | undefined
  let items: { node: SchemaNode | undefined } | undefined
  return {
    raw,
    component,
    type: typeof raw.type === 'string' ? raw.type : '',
    nullable: raw.nullable === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true || raw.format === 'int-or-string',
    open: raw['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: raw['x-kubernetes-embedded-resource'] === true,
    required: Array.isArray(raw.required) ? raw.required.filter(name => typeof name === 'string') : [],
    default: raw.default,
    get properties() {
      properties ??= new Map(schemaEntries(raw.properties).map(([name, schema]) => [name, nodeOf(schema)]))
      return properties
    },
    get values() {
      values ??= { node: valuesOf(raw.additionalProperties, nodeOf) }
      return values.node
    },
    get items() {
      items ??= { node: isJsonObject(raw.items) ? nodeOf(raw.items) : undefined }
      return items.node
    },
  }
}

function valuesOf(schema: JsonValue | undefined, nodeOf: (schema: JsonObject) => SchemaNode) {
  if (schema === true) return true
  return isJsonObject(schema) ? nodeOf(schema) : undefined
}

function schemaEntries(schemas: JsonValue | undefined): [string, JsonObject][] {
  if (!isJsonObject(schemas)) return []
  return Object.entries(schemas).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
}
