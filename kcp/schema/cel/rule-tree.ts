// The rules of a schema as a tree of those parts that have any, compiled when the first object is checked.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import type { SchemaNode } from '../schema-node.ts'
import { type CompiledRule, compileRule, readRules } from './rule.ts'
import { rootTypeName, type Shape, shapeOf } from './shape.ts'

export interface RuleTree {
  readonly node: SchemaNode
  readonly shape: Shape
  readonly rules: readonly CompiledRule[]
  readonly properties: ReadonlyMap<string, RuleTree>
  /** Of maps and lists. */
  readonly element: RuleTree | undefined
  readonly allOf: readonly RuleTree[]
}

/** Trees of parts that were made before, by the schema that has the rules. */
export type KnownTrees = Map<JsonObject, RuleTree | undefined>

interface TreeOptions {
  /** Whether it is the schema of a whole object, which has a name and a kind. */
  readonly isRoot?: boolean
  readonly known?: KnownTrees
}

export function createRuleTree(node: SchemaNode, options: TreeOptions = {}): RuleTree | undefined {
  if (!hasRules(node.raw)) return undefined
  const { isRoot = true, known = new Map() } = options
  const shape = shapeOf(node, { name: rootTypeName, isRoot })
  return shape && createTree(node.raw, { node, shape, known })
}

/** Whether a schema has rules anywhere. */
export function hasRules(schema: JsonValue | undefined): boolean {
  if (!isJsonObject(schema)) return false
  if (readRules(schema).length > 0) return true
  const { properties, items, additionalProperties, allOf } = schema
  const members = isJsonObject(properties) ? Object.values(properties) : []
  return [...members, items, additionalProperties, ...(Array.isArray(allOf) ? allOf : [])].some(hasRules)
}

interface Part {
  readonly node: SchemaNode
  readonly shape: Shape
  readonly known: KnownTrees
}

function createTree(rules: JsonObject, part: Part): RuleTree | undefined {
  if (!part.known.has(rules)) part.known.set(rules, buildTree(rules, part))
  return part.known.get(rules)
}

/** `rules` is the schema that has the rules: that of the node, or one in its allOf. */
function buildTree(rules: JsonObject, part: Part): RuleTree | undefined {
  const { node, shape, known } = part
  const own = readRules(rules).map(source => compileRule(source, shape, node))
  const properties = new Map<string, RuleTree>()
  if (isJsonObject(rules.properties)) {
    for (const [name, schema] of Object.entries(rules.properties)) {
      const [child, childShape] = [node.properties.get(name), shape.properties.get(name)]
      if (child === undefined || childShape === undefined || !isJsonObject(schema) || !hasRules(schema)) continue
      const tree = createTree(schema, { node: child, shape: childShape, known })
      if (tree !== undefined) properties.set(name, tree)
    }
  }
  const element = elementTree(rules, part)
  const allOf = (Array.isArray(rules.allOf) ? rules.allOf : []).flatMap(schema => {
    const tree = isJsonObject(schema) && hasRules(schema) ? createTree(schema, part) : undefined
    return tree === undefined ? [] : [tree]
  })
  const isEmpty = own.length + properties.size + allOf.length === 0 && element === undefined
  return isEmpty ? undefined : { node, shape, rules: own, properties, element, allOf }
}

function elementTree(rules: JsonObject, { node, shape, known }: Part): RuleTree | undefined {
  const schema = node.type === 'array' ? rules.items : rules.additionalProperties
  const child = node.type === 'array' ? node.items : node.values
  if (!isJsonObject(schema) || child === undefined || child === true || shape.element === undefined) return undefined
  return hasRules(schema) ? createTree(schema, { node: child, shape: shape.element, known }) : undefined
}
