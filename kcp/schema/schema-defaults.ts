// Defaults in a CRD's schema: each must be a valid and pruned value of its place.
import { copyJson, equalJson, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../api/json.ts'
import { checkPathSegment } from '../../api/names/rules.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkDefaultRules, createDefaultBudget, type DefaultBudget } from './cel/check-rules.ts'
import { createRuleTree, type KnownTrees } from './cel/rule-tree.ts'
import { checkEmbedded, decodeEmbedded } from './embedded-resources.ts'
import { invalidValue } from './field-errors.ts'
import { keyPath } from './field-path.ts'
import { checkMetaNames, checkObjectMeta, decodeObjectMeta } from './object-meta.ts'
import { pruneValue } from './prune.ts'
import { createSchemaNodes, type SchemaNode } from './schema-node.ts'
import { validateValue } from './validate.ts'

/** For schemas that are structural. */
export function checkDefaults(schema: JsonObject, path: string): FieldError[] {
  return checkNode(createSchemaNodes()(schema), path, {
    isResource: true,
    meta: undefined,
    rules: { known: new Map(), budget: createDefaultBudget() },
  })
}

/** Of all defaults of a schema. */
interface DefaultRules {
  /** Rules compiled for defaults further out. */
  readonly known: KnownTrees
  readonly budget: DefaultBudget
}

interface Place {
  readonly isResource: boolean
  /** Inside apiVersion, kind or metadata of a resource: the way there from the resource. */
  readonly meta: readonly string[] | undefined
  readonly rules: DefaultRules
}

function checkNode(node: SchemaNode, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = []
  const isResource = place.isResource || node.embedded
  const meta = isResource ? undefined : place.meta
  if (node.default !== undefined && node.default !== null) {
    errors.push(
      ...(meta ? checkMetaDefault(node, `${path}.default`, meta) : checkDefault(node, `${path}.default`, place)),
    )
  }
  if (node.items)
    errors.push(...checkNode(node.items, `${path}.items`, { ...place, isResource: false, meta: undefined }))
  for (const [name, child] of node.properties) {
    const entersMeta = isResource && ['metadata', 'apiVersion', 'kind'].includes(name)
    const inside = { ...place, isResource: false, meta: meta ? [...meta, name] : entersMeta ? [name] : undefined }
    errors.push(...checkNode(child, keyPath(`${path}.properties`, name), inside))
  }
  return errors
}

function checkDefault(node: SchemaNode, path: string, { rules }: Place): FieldError[] {
  const value = node.default
  const pruned = copyJson(value ?? null)
  pruneValue(pruned, node)
  const errors = equalJson(pruned, value) ? [] : [invalidValue(path, value, 'must not have unknown fields')]
  const problem = decodeEmbedded(pruned, node, { path, unknown: [] })
  if (problem) return [...errors, { ...problem, type: 'FieldValueInvalid' }]
  const embedded = checkEmbedded(pruned, node, path)
  if (embedded.length > 0) return [...errors, ...embedded]
  const invalid = checkValue(node, path)
  return [...errors, ...(invalid.length > 0 ? invalid : checkRulesOf(node, path, rules))]
}

function checkRulesOf(node: SchemaNode, path: string, { known, budget }: DefaultRules): FieldError[] {
  const tree = createRuleTree(node, { isRoot: node.embedded, known })
  return tree === undefined ? [] : checkDefaultRules(tree, node.default ?? null, { path, budget })
}

function checkValue(node: SchemaNode, path: string): FieldError[] {
  // Kubernetes reads x-kubernetes-int-or-string only for objects.
  if (node.intOrString) return []
  return validateValue(node.default, node, '').map(error => ({ ...error, field: below(path, error.field) }))
}

/** Paths of the validator start at the value. */
function below(path: string, field: string): string {
  if (field === '' || field === '<nil>') return path
  return field.startsWith('[') ? path + field : `${path}.${field}`
}

/** A default inside of metadata must make valid metadata. */
function checkMetaDefault(node: SchemaNode, path: string, [member = '', ...rest]: readonly string[]): FieldError[] {
  if (member !== 'metadata') return checkValue(node, path)
  const metadata = rest.reduceRight<JsonValue>((inner, name) => {
    const outer: JsonObject = {}
    setOwn(outer, name, inner)
    return outer
  }, node.default ?? null)
  const decoded = decodeObjectMeta(metadata)
  const refuse = (problem: string) => [invalidValue(path, node.default, `must result in valid metadata: ${problem}`)]
  if (typeof decoded === 'string') return refuse(`metadata: Invalid value: ${JSON.stringify(metadata)}: ${decoded}`)
  const problems = [
    ...checkMetaNames(decoded.metadata, 'metadata', checkPathSegment),
    ...checkObjectMeta(isJsonObject(metadata) ? metadata : {}, 'metadata'),
  ].map(({ field, message }) => `${field}: ${message}`)
  if (problems.length === 0) return checkValue(node, path)
  return refuse(problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`)
}
