// What is said of rules when a schema is created: texts and field paths, then compilation and the estimated costs.
// Leaves out: whether the schema is structural, which comes first.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { forbiddenField, invalidValue, notSupported, requiredValue } from '../field-errors.ts'
import { indexPath, keyPath } from '../field-path.ts'
import { createSchemaNodes, type SchemaNode } from '../schema-node.ts'
import { type CompiledRule, compileRule, type RuleSource, readRules } from './rule.ts'
import { resolveFieldPath } from './rule-field-path.ts'
import { hasRules } from './rule-tree.ts'
import { requestBytesMax, rootTypeName, type Shape, shapeOf } from './shape.ts'

/** Of one rule, times how often it can run; and of all rules of a schema. */
const ruleCostMax = 10_000_000
const schemaCostMax = 100_000_000
/** Rules that take more than this share of the whole are named when the whole is too much. */
const namedCostMin = schemaCostMax / 100
const namedRulesMax = 4

interface Walk {
  readonly textErrors: FieldError[]
  readonly ruleErrors: FieldError[]
  readonly costs: { readonly path: string; readonly cost: number }[]
}

interface Part {
  readonly schema: JsonObject
  readonly node: SchemaNode
  /** Absent where rules cannot see the part, and inside combinators. */
  readonly shape: Shape | undefined
  readonly path: string
  /** How many values of this part an object may have; undefined: no limit is known. */
  readonly count: number | undefined
  /** Around a list or map whose elements cannot be recognised again. */
  readonly uncorrelatable: string | undefined
  readonly isCombined: boolean
}

/** Of all rules of a CRD, so that compiling them does not hold the event loop; the largest known have a fifth of it. */
export const ruleCharsMax = 100_000

export const tooManyRules = (field: string): FieldError =>
  forbiddenField(field, `x-kubernetes-validations may have at most ${ruleCharsMax} characters in all`)

export function ruleChars(schema: JsonValue | undefined): number {
  if (!isJsonObject(schema)) return 0
  const own = readRules(schema).reduce((sum, rule) => sum + rule.rule.length + rule.messageExpression.length, 0)
  const { properties, items, additionalProperties, allOf } = schema
  const members = isJsonObject(properties) ? Object.values(properties) : []
  const parts = [...members, items, additionalProperties, ...(Array.isArray(allOf) ? allOf : [])]
  return parts.reduce<number>((sum, part) => sum + ruleChars(part), own)
}

/** `path` is that of the schema. Rules of a schema that has other faults are not compiled: their types may be wrong. */
export function checkSchemaRules(schema: JsonObject, path: string, { compiles } = { compiles: true }): FieldError[] {
  if (!hasRules(schema)) return []
  if (ruleChars(schema) > ruleCharsMax) return [tooManyRules(path)]
  const node = createSchemaNodes()(schema)
  const shape = compiles ? shapeOf(node, { name: rootTypeName, isRoot: true }) : undefined
  const walk: Walk = { textErrors: [], ruleErrors: [], costs: [] }
  checkPart({ schema, node, shape, path, count: 1, uncorrelatable: undefined, isCombined: false }, walk)
  return [...walk.textErrors, ...walk.ruleErrors, ...checkTotal(walk.costs, path)]
}

function checkPart(part: Part, walk: Walk): void {
  const before = walk.textErrors.length
  for (const child of childrenOf(part)) checkPart(child, walk)
  const rules = readRules(part.schema)
  const at = `${part.path}.x-kubernetes-validations`
  rules.forEach((rule, i) => {
    walk.textErrors.push(...checkTexts(rule, part.node, indexPath(at, i)))
  })
  if (walk.textErrors.length > before || part.isCombined || part.shape === undefined) return
  for (const [i, source] of rules.entries()) {
    const compiled = compileRule(source, part.shape, part.node)
    checkCompiled(compiled, { part, path: indexPath(at, i), walk })
  }
}

function childrenOf(part: Part): Part[] {
  const { schema, node, shape, path } = part
  const found: Part[] = []
  const inner = { count: countInside(part), uncorrelatable: part.uncorrelatable, isCombined: part.isCombined }
  const { additionalProperties, properties, items, allOf } = schema
  if (isJsonObject(additionalProperties) && isNode(node.values)) {
    const child = { schema: additionalProperties, node: node.values, path: `${path}.additionalProperties` }
    found.push({ ...child, shape: shape?.element, ...inner })
  }
  if (isJsonObject(properties)) {
    for (const [name, member] of Object.entries(properties)) {
      const child = node.properties.get(name)
      if (!isJsonObject(member) || child === undefined) continue
      const at = keyPath(`${path}.properties`, name)
      found.push({ schema: member, node: child, shape: shape?.properties.get(name), path: at, ...inner })
    }
  }
  for (const [i, combined] of (Array.isArray(allOf) ? allOf : []).entries()) {
    if (!isJsonObject(combined)) continue
    found.push({ ...part, schema: combined, path: indexPath(`${path}.allOf`, i), isCombined: true })
  }
  if (isJsonObject(items) && node.items !== undefined) {
    const isMap = schema['x-kubernetes-list-type'] === 'map'
    const uncorrelatable = part.uncorrelatable ?? (isMap ? undefined : path)
    found.push({
      schema: items,
      node: node.items,
      shape: shape?.element,
      path: `${path}.items`,
      ...inner,
      uncorrelatable,
    })
  }
  return found
}

const isNode = (node: SchemaNode | true | undefined): node is SchemaNode => node !== undefined && node !== true

function countInside({ schema, count }: Part): number | undefined {
  if (count === undefined) return undefined
  const limit = (value: JsonValue | undefined) => (typeof value === 'number' ? count * Math.max(0, value) : undefined)
  if (schema.type === 'array') return limit(schema.maxItems)
  if (schema.type === 'object' && schema.additionalProperties !== undefined) return limit(schema.maxProperties)
  return count
}

const hasLineBreak = (text: string) => /[\n\r]/.test(text)
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

function checkTexts(rule: RuleSource, node: SchemaNode, path: string): FieldError[] {
  const errors = checkRuleAndMessage(rule, path)
  const { messageExpression, reason, fieldPath } = rule
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(requiredValue(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, reasons))
  const badPath = (text: string) => errors.push(invalidValue(`${path}.fieldPath`, fieldPath, text))
  if (fieldPath === '') return errors
  if (fieldPath.trim() === '') badPath('fieldPath must be non-empty if specified')
  if (hasLineBreak(fieldPath)) badPath('fieldPath must not contain line breaks')
  if (resolveFieldPath(fieldPath, node) === undefined) badPath('fieldPath must be a valid path')
  return errors
}

function checkRuleAndMessage({ rule, message }: RuleSource, path: string): FieldError[] {
  if (rule.trim() === '') return [requiredValue(`${path}.rule`, 'rule is not specified')]
  if (message !== '' && message.trim() === '') {
    return [invalidValue(`${path}.message`, message, 'message must be non-empty if specified')]
  }
  if (hasLineBreak(message.trim())) {
    return [invalidValue(`${path}.message`, message, 'message must not contain line breaks')]
  }
  if (hasLineBreak(rule.trim()) && message.trim() === '') {
    return [requiredValue(`${path}.message`, 'message must be specified if rule contains line breaks')]
  }
  return []
}

interface Checking {
  readonly part: Part
  readonly path: string
  readonly walk: Walk
}

function checkCompiled(compiled: CompiledRule, { part, path, walk }: Checking): void {
  const { source, program } = compiled
  const cost = compiled.maxCost() * (part.count ?? unboundedCount(part.shape))
  if (cost > ruleCostMax)
    walk.ruleErrors.push(forbiddenField(`${path}.rule`, costText('estimated rule cost', cost, ruleCostMax)))
  walk.costs.push({ path: `${path}.rule`, cost })
  if (compiled.problem !== undefined) walk.ruleErrors.push(invalidRule(`${path}.rule`, source, compiled.problem))
  if (compiled.messageProblem !== undefined) {
    walk.ruleErrors.push(invalidRule(`${path}.messageExpression`, source, compiled.messageProblem))
  } else if (compiled.message !== undefined) {
    const messageCost = compiled.messageMaxCost()
    if (messageCost > ruleCostMax) {
      const text = costText('estimated messageExpression cost', messageCost, ruleCostMax)
      walk.ruleErrors.push(forbiddenField(`${path}.messageExpression`, text))
    }
    walk.costs.push({ path: `${path}.messageExpression`, cost: messageCost })
  }
  if (program?.usesOldSelf === true) {
    if (part.uncorrelatable === undefined) return
    const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${part.uncorrelatable}`
    walk.ruleErrors.push(invalidValue(`${path}.rule`, source.rule, text))
  } else if (source.optionalOldSelf !== undefined) {
    const text = 'may not be set if oldSelf is not used in rule'
    walk.ruleErrors.push(invalidValue(`${path}.optionalOldSelf`, source.optionalOldSelf, text))
  }
}

/** As many of the smallest values as a request can hold. */
function unboundedCount(shape: Shape | undefined): number {
  return Math.floor(requestBytesMax / ((shape?.bytesMin ?? 0) + 1))
}

function costText(name: string, cost: number, max: number): string {
  const factor = cost / max
  const shown = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

function checkTotal(costs: Walk['costs'], path: string): FieldError[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0)
  if (total <= schemaCostMax) return []
  const named = costs
    .filter(({ cost }) => cost >= namedCostMin)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, namedRulesMax)
  const text = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
  const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
  return [
    ...named.map(rule => forbiddenField(rule.path, text)),
    forbiddenField(path, costText(name, total, schemaCostMax)),
  ]
}

/** Go prints the rule as a struct. */
function invalidRule(field: string, source: RuleSource, detail: string): FieldError {
  const pointer = (type: string, value: unknown) => `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`
  const quote = (text: string) => JSON.stringify(text)
  const members = [
    `Rule:${quote(source.rule)}`,
    `Message:${quote(source.message)}`,
    `MessageExpression:${quote(source.messageExpression)}`,
    `Reason:${pointer('apiextensions.FieldValueErrorReason', source.reason)}`,
    `FieldPath:${quote(source.fieldPath)}`,
    `OptionalOldSelf:${pointer('bool', source.optionalOldSelf)}`,
  ]
  const message = `Invalid value: apiextensions.ValidationRule{${members.join(', ')}}: ${detail}`
  return { field, type: 'FieldValueInvalid', message }
}
