// From a CustomResourceDefinition's schema to what the registry asks of it. One distinct schema is compiled once, whoever
// uses it. Rules are compiled when the first object is checked. Leaves out: native types.
import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { badRequest, type FieldError } from '../../api/status-error.ts'
import { checkRules } from './cel/check-rules.ts'
import { createRuleTree, hasRules, type RuleTree } from './cel/rule-tree.ts'
import { applyObjectDefaults } from './defaults.ts'
import { checkEmbedded, decodeEmbedded, hasEmbedded, repairEmbedded } from './embedded-resources.ts'
import { checkListTypes, hasListTypes } from './list-types.ts'
import type { ObjectSchema } from './object-schema.ts'
import { pruneObject } from './prune.ts'
import { createSchemaNodes, type SchemaNode } from './schema-node.ts'
import { shapeOf } from './schema-shape.ts'
import { objectTopology } from './topology.ts'
import { validateValue } from './validate.ts'

const schemasMax = 2000
const byDigest = new Map<string, ObjectSchema>()
const byIdentity = new WeakMap<JsonObject, ObjectSchema>()

/** Compiles `openAPIV3Schema`. Schemas with the same text share one result. */
export function compileSchema(openAPIV3Schema: JsonObject): ObjectSchema {
  const known = byIdentity.get(openAPIV3Schema)
  if (known) return known
  const digest = createHash('sha256').update(JSON.stringify(openAPIV3Schema)).digest('base64url')
  let schema = byDigest.get(digest)
  if (schema === undefined) {
    schema = createObjectSchema(openAPIV3Schema)
    if (byDigest.size >= schemasMax) byDigest.clear()
    byDigest.set(digest, schema)
  }
  byIdentity.set(openAPIV3Schema, schema)
  return schema
}

function createObjectSchema(openApi: JsonObject): ObjectSchema {
  const root = createSchemaNodes()(openApi)
  let topology: ObjectSchema['topology'] | undefined
  const withRules = hasRules(openApi)
  let rules: RuleTree | undefined
  let embedded: boolean | undefined
  let lists: boolean | undefined
  let shape: string | undefined
  return {
    openApi,
    get shape() {
      shape ??= shapeOf(openApi)
      return shape
    },
    repair(object, defaults) {
      pruneObject(asJson(object), root)
      embedded ??= hasEmbedded(root)
      if (embedded) repairEmbedded(asJson(object), root)
      if (defaults !== 'without-defaults') applyObjectDefaults(asJson(object), root)
    },
    get topology() {
      topology ??= objectTopology(root)
      return topology
    },
    prune(object) {
      const removed = pruneObject(asJson(object), root)
      embedded ??= hasEmbedded(root)
      if (!embedded) return removed
      const problem = decodeEmbedded(asJson(object), root, { path: '', unknown: removed })
      if (problem) throw cannotHandle(object, `${problem.field}: ${problem.message}`)
      return removed
    },
    applyDefaults: (object, nulls) => applyObjectDefaults(asJson(object), root, nulls),
    validate(object, old, warn) {
      if (withRules) rules ??= createRuleTree(root)
      embedded ??= hasEmbedded(root)
      lists ??= hasListTypes(root)
      return validateObject({ root, rules, embedded, lists, warn }, object, old)
    },
  }
}

interface Validation {
  readonly root: SchemaNode
  readonly rules: RuleTree | undefined
  readonly embedded: boolean
  readonly lists: boolean
  readonly warn: ((text: string) => void) | undefined
}

const rulesNotChecked: FieldError = {
  field: '<nil>',
  type: 'FieldValueInvalid',
  message:
    'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/** After these a rule could meet values of another shape than it was written for. */
const blockingTypes = new Set<FieldError['type']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

function validateObject(validation: Validation, object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const { root, rules, embedded, lists, warn } = validation
  const value = asJson(object)
  const errors = validateValue(value, root, '', old && { value: asJson(old) })
  if (embedded) errors.push(...checkEmbedded(value, root, ''))
  if (lists && (old === undefined || checkListTypes(asJson(old), root, '').length === 0)) {
    errors.push(...checkListTypes(value, root, ''))
  }
  if (rules === undefined) return errors
  if (errors.some(error => blockingTypes.has(error.type))) return [...errors, rulesNotChecked]
  return [...errors, ...checkRules(rules, value, { old: old && asJson(old), warn })]
}

function cannotHandle({ apiVersion, kind }: KubeObject, problem: string) {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`)
}

function asJson(object: KubeObject): JsonObject {
  if (!isJsonObject(object)) throw new TypeError('an object of the API is a JSON object')
  return object
}
