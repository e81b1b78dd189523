// allOf, anyOf, oneOf and not. Their sub-schemas only constrain; the messages name no field, as in Kubernetes.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { createSchemaNodes, type SchemaNode } from './schema-node.ts'

export type Validate = (value: JsonValue | undefined, node: SchemaNode, path: string) => FieldError[]

interface Combinators {
  readonly allOf: readonly SchemaNode[]
  readonly anyOf: readonly SchemaNode[]
  readonly oneOf: readonly SchemaNode[]
  readonly not: SchemaNode | undefined
}

const memo = new WeakMap<SchemaNode, Combinators | null>()

function combinatorsOf(node: SchemaNode): Combinators | null {
  let found = memo.get(node)
  if (found === undefined) {
    found = parseCombinators(node)
    memo.set(node, found)
  }
  return found
}

function parseCombinators({ raw, intOrString }: SchemaNode): Combinators | null {
  const nodeOf = createSchemaNodes()
  const list = (value: JsonValue | undefined) => (Array.isArray(value) ? value.filter(isJsonObject).map(nodeOf) : [])
  // The int-or-string flag already says what its usual anyOf says.
  const anyOf = intOrString && isIntOrString(raw.anyOf) ? [] : list(raw.anyOf)
  const found = {
    allOf: intOrString ? list(raw.allOf).filter(node => !isIntOrString(node.raw.anyOf)) : list(raw.allOf),
    anyOf,
    oneOf: intOrString ? [] : list(raw.oneOf),
    not: isJsonObject(raw.not) ? nodeOf(raw.not) : undefined,
  }
  const isEmpty = found.allOf.length + found.anyOf.length + found.oneOf.length === 0 && found.not === undefined
  return isEmpty ? null : found
}

function isIntOrString(anyOf: JsonValue | undefined): boolean {
  return Array.isArray(anyOf) && anyOf.filter(isJsonObject).map(typeOf).sort().join() === 'integer,string'
}

function typeOf(schema: JsonObject): JsonValue | undefined {
  return schema.type
}

export interface CombinatorContext {
  readonly path: string
  /** The whole validation, for the sub-schemas. */
  readonly validate: Validate
}

export function checkCombinators(
  value: JsonValue | undefined,
  node: SchemaNode,
  { path, validate }: CombinatorContext,
): FieldError[] {
  const combinators = combinatorsOf(node)
  if (combinators === null) return []
  const { allOf, anyOf, oneOf, not } = combinators
  const name = JSON.stringify(path)
  const check = (sub: SchemaNode) => validate(value, sub, path)
  const isValid = (sub: SchemaNode) => check(sub).length === 0
  const errors: FieldError[] = []
  if (anyOf.length > 0 && !anyOf.some(isValid)) {
    errors.push(unnamed(`${name} must validate at least one schema (anyOf)`), ...fewest(anyOf.map(check)))
  }
  if (oneOf.length > 0) {
    const count = oneOf.filter(isValid).length
    if (count === 0) {
      errors.push(unnamed(`${name} must validate one and only one schema (oneOf). Found none valid`))
      errors.push(...fewest(oneOf.map(check)))
    } else if (count > 1) {
      const found = `Found ${count} valid alternatives`
      errors.push(unnamed(`${name} must validate one and only one schema (oneOf). ${found}`))
    }
  }
  const failed = allOf.flatMap(check)
  if (failed.length > 0) {
    const none = allOf.some(isValid) ? '' : '. None validated'
    errors.push(unnamed(`${name} must validate all the schemas (allOf)${none}`), ...failed)
  }
  if (not && isValid(not)) errors.push(unnamed(`${name} must not validate the schema (not)`))
  return errors
}

function unnamed(detail: string): FieldError {
  return { field: '<nil>', type: 'FieldValueInvalid', message: `Invalid value: "": ${detail}` }
}

/** The errors of the alternative that came closest. */
function fewest(results: readonly FieldError[][]): FieldError[] {
  return results.reduce((best, next) => (next.length < best.length ? next : best))
}
