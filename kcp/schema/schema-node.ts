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
    if (typeof reference !== 'string') return new LazyNode(schema, '', nodeOf)
    const target = resolve(reference)
    if (Object.keys(siblings).length > 0)
      return new LazyNode({ ...target.schema, ...siblings }, target.component, nodeOf)
    let node = components.get(target.component)
    if (node === undefined) {
      node = new LazyNode(target.schema, target.component, nodeOf)
      components.set(target.component, node)
    }
    return node
  }
  return nodeOf
}

type NodeOf = (schema: JsonObject) => SchemaNode

/** A class: with getters of its own each node would be of another shape, a thousand bytes large and slow to read. */
class LazyNode implements SchemaNode {
  readonly raw: JsonObject
  readonly component: string
  readonly type: string
  readonly nullable: boolean
  readonly intOrString: boolean
  readonly open: boolean
  readonly embedded: boolean
  readonly required: readonly string[]
  readonly default: JsonValue | undefined
  readonly #nodeOf: NodeOf
  #properties: ReadonlyMap<string, SchemaNode> | undefined
  #values: SchemaNode | true | undefined
  #items: SchemaNode | undefined
  #knowsValues = false
  #knowsItems = false

  constructor(raw: JsonObject, component: string, nodeOf: NodeOf) {
    this.raw = raw
    this.component = component
    this.type = typeof raw.type === 'string' ? raw.type : ''
    this.nullable = raw.nullable === true
    this.intOrString = raw['x-kubernetes-int-or-string'] === true || raw.format === 'int-or-string'
    this.open = raw['x-kubernetes-preserve-unknown-fields'] === true
    this.embedded = raw['x-kubernetes-embedded-resource'] === true
    this.required = namesIn(raw.required)
    this.default = raw.default
    this.#nodeOf = nodeOf
  }

  get properties(): ReadonlyMap<string, SchemaNode> {
    this.#properties ??= membersOf(this.raw.properties, this.#nodeOf)
    return this.#properties
  }

  get values(): SchemaNode | true | undefined {
    if (!this.#knowsValues) {
      this.#values = valuesOf(this.raw.additionalProperties, this.#nodeOf)
      this.#knowsValues = true
    }
    return this.#values
  }

  get items(): SchemaNode | undefined {
    if (!this.#knowsItems) {
      this.#items = isJsonObject(this.raw.items) ? this.#nodeOf(this.raw.items) : undefined
      this.#knowsItems = true
    }
    return this.#items
  }
}

const noNames: readonly string[] = []
const noMembers: ReadonlyMap<string, SchemaNode> = new Map()

function namesIn(list: JsonValue | undefined): readonly string[] {
  return Array.isArray(list) ? list.filter(name => typeof name === 'string') : noNames
}

function membersOf(schemas: JsonValue | undefined, nodeOf: NodeOf): ReadonlyMap<string, SchemaNode> {
  const entries = schemaEntries(schemas)
  return entries.length === 0 ? noMembers : new Map(entries.map(([name, schema]) => [name, nodeOf(schema)]))
}

function valuesOf(schema: JsonValue | undefined, nodeOf: NodeOf) {
  if (schema === true) return true
  return isJsonObject(schema) ? nodeOf(schema) : undefined
}

function schemaEntries(schemas: JsonValue | undefined): [string, JsonObject][] {
  if (!isJsonObject(schemas)) return []
  return Object.entries(schemas).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
}
