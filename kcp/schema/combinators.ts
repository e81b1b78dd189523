// allOf, anyOf, oneOf and not. Their sub-schemas only constrain; the messages name no field, as in Kubernetes.
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { createSchemaNodes, type SchemaNode } from './schema-node.ts'

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

function parseCombinators({ raw }: SchemaNode): Combinators | null {
  const nodeOf = createSchemaNodes()
  const list = (value: JsonValue | undefined) => (Array.isArray(value) ? value.filter(isJsonObject).map(nodeOf) : [])
  const found = {
    allOf: list(raw.allOf),
    anyOf: list(raw.anyOf),
    oneOf: list(raw.oneOf),
    not: isJsonObject(raw.not) ? nodeOf(raw.not) : undefined,
  }
  const isEmpty = found.allOf.length + found.anyOf.length + found.oneOf.length === 0 && found.not === undefined
  return isEmpty ? null : found
}

export interface CombinatorContext {
  readonly path: string
  /** The whole validation of the value with a sub-schema. */
  validate(sub: SchemaNode): FieldError[]
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
  const check = validate
  const isValid = (sub: SchemaNode) => check(sub).length === 0
  const errors: FieldError[] = []
  if (anyOf.length > 0 && !anyOf.some(isValid)) {
    errors.push(unnamed(`${name} must validate at least one schema (anyOf)`), ...closest(anyOf, value, check))
  }
  if (oneOf.length > 0) {
    const count = oneOf.filter(isValid).length
    if (count === 0) {
      errors.push(unnamed(`${name} must validate one and only one schema (oneOf). Found none valid`))
      errors.push(...closest(oneOf, value, check))
    } else if (count > 1) {
      const found = `Found ${count} valid alternatives`
      errors.push(unnamed(`${name} must validate one and only one schema (oneOf). ${found}`))
    }
  }
  const failed = allOf.flatMap(check)
  if (failed.length > 0) {
    const none = allOf.some(isValid) ? '' : '. None validated'
    errors.push(...failed, unnamed(`${name} must validate all the schemas (allOf)${none}`))
  }
  if (not && isValid(not)) errors.push(unnamed(`${name} must not validate the schema (not)`))
  return errors
}

function unnamed(detail: string): FieldError {
  return { field: '<nil>', type: 'FieldValueInvalid', message: `Invalid value: "": ${detail}` }
}

/** The errors of the alternative that says most about what is there; of those that say as much, of the first. */
function closest(
  alternatives: readonly SchemaNode[],
  value: JsonValue | undefined,
  check: (sub: SchemaNode) => FieldError[],
): FieldError[] {
  const known = (node: SchemaNode) =>
    isJsonObject(value) ? Object.keys(value).filter(name => node.properties.has(name)).length : 0
  const [first, ...rest] = alternatives
  if (first === undefined) return []
  const rank = (node: SchemaNode) => ({ node, errors: check(node), known: known(node) })
  const best = rest.map(rank).reduce((most, next) => {
    const isCloser = next.known > most.known || (next.known === most.known && next.errors.length < most.errors.length)
    return isCloser ? next : most
  }, rank(first))
  return best.errors
}
