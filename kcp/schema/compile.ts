// From a CustomResourceDefinition's schema to what the registry asks of it. One distinct schema is compiled once, whoever
// uses it. Leaves out: the rule language of x-kubernetes-validations (a table is handed over) and native types.
import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { badRequest, type FieldError } from '../../api/status-error.ts'
import { applyObjectDefaults } from './defaults.ts'
import { checkEmbedded, decodeEmbedded, hasEmbedded } from './embedded-resources.ts'
import { checkListTypes, hasListTypes } from './list-types.ts'
import type { ObjectSchema } from './object-schema.ts'
import { pruneObject } from './prune.ts'
import { createSchemaNodes, type SchemaNode } from './schema-node.ts'
import { objectTopology } from './topology.ts'
import { validateValue } from './validate.ts'
import { checkRules, type FindRule, hasRules } from './validation-rules.ts'

export interface CompileOptions {
  /** What is known of the rules in x-kubernetes-validations. */
  readonly findRule?: FindRule
}

const schemasMax = 2000
const byDigest = new Map<string, ObjectSchema>()
const byIdentity = new WeakMap<JsonObject, ObjectSchema>()

/** Compiles `openAPIV3Schema`. Schemas with the same text share one result, so `findRule` must always be the same. */
export function compileSchema(openAPIV3Schema: JsonObject, options: CompileOptions = {}): ObjectSchema {
  const known = byIdentity.get(openAPIV3Schema)
  if (known) return known
  const digest = createHash('sha256').update(JSON.stringify(openAPIV3Schema)).digest('base64url')
  let schema = byDigest.get(digest)
  if (schema === undefined) {
    schema = createObjectSchema(openAPIV3Schema, options.findRule ?? noRule)
    if (byDigest.size >= schemasMax) byDigest.clear()
    byDigest.set(digest, schema)
  }
  byIdentity.set(openAPIV3Schema, schema)
  return schema
}

const noRule: FindRule = () => undefined

function createObjectSchema(openApi: JsonObject, findRule: FindRule): ObjectSchema {
  const root = createSchemaNodes()(openApi)
  let topology: ObjectSchema['topology'] | undefined
  let rules: boolean | undefined
  let embedded: boolean | undefined
  let lists: boolean | undefined
  return {
    openApi,
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
    validate(object, old) {
      rules ??= hasRules(root)
      embedded ??= hasEmbedded(root)
      lists ??= hasListTypes(root)
      return validateObject({ root, findRule, rules, embedded, lists }, object, old)
    },
  }
}

interface Validation {
  readonly root: SchemaNode
  readonly findRule: FindRule
  readonly rules: boolean
  readonly embedded: boolean
  readonly lists: boolean
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
  const { root, findRule, rules, embedded, lists } = validation
  const value = asJson(object)
  const errors = validateValue(value, root, '', old && { value: asJson(old) })
  if (embedded) errors.push(...checkEmbedded(value, root, ''))
  if (lists && (old === undefined || checkListTypes(asJson(old), root, '').length === 0)) {
    errors.push(...checkListTypes(value, root, ''))
  }
  if (!rules) return errors
  if (errors.some(error => blockingTypes.has(error.type))) return [...errors, rulesNotChecked]
  return [...errors, ...checkRules(value, old && asJson(old), { node: root, path: '', find: findRule })]
}

function cannotHandle({ apiVersion, kind }: KubeObject, problem: string) {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`)
}

function asJson(object: KubeObject): JsonObject {
  if (!isJsonObject(object)) throw new TypeError('an object of the API is a JSON object')
  return object
}
