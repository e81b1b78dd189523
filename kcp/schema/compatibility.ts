// Whether objects of one schema fit another one, and the largest schema both can keep (the lowest common denominator).
// Deviation from Go kcp, wanted: differences of list and map topology are tolerated, so imports of any Kubernetes fit.
import { copyJson, equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { forbiddenField, invalidGoValue, invalidValue } from './field-errors.ts'
import { keyPath } from './field-path.ts'
import { goValue } from './go-value.ts'

export interface Comparison {
  readonly existing: JsonObject
  readonly incoming: JsonObject
  /** Where the incoming schema says less, take that instead of refusing it. */
  readonly narrow: boolean
}

export interface ComparisonResult {
  /** Starts as the existing schema. */
  readonly lcd: JsonObject
  /** Empty when the incoming schema is compatible. */
  readonly errors: readonly FieldError[]
}

export function compareSchemas({ existing, incoming, narrow }: Comparison): ComparisonResult {
  const errors: FieldError[] = []
  const lcd = copyJson(existing)
  compareNodes({ existing, incoming, lcd, path: '[]' }, { narrow, errors })
  return { lcd, errors }
}

/** The errors as one line, as kcp prints them. */
export function formatErrors(errors: readonly FieldError[]): string {
  const texts = errors.map(error => `${error.field}: ${error.message}`)
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
}

interface Pair {
  readonly existing: JsonObject
  readonly incoming: JsonObject
  readonly lcd: JsonObject
  readonly path: string
}

interface Run {
  readonly narrow: boolean
  readonly errors: FieldError[]
}

const openKey = 'x-kubernetes-preserve-unknown-fields'
const intOrStringKey = 'x-kubernetes-int-or-string'

const comparators: Readonly<Record<string, (pair: Pair, run: Run) => void>> = {
  'int-or-string': compareIntOrString,
  '': (pair, run) => void hasSameType(pair, run),
  number: compareNumber,
  integer: compareInteger,
  string: compareString,
  boolean: compareBoolean,
  array: compareArray,
  object: compareObject,
}

function compareNodes(pair: Pair, run: Run): void {
  const { existing, incoming, path } = pair
  const wasOpen = existing[openKey] === true
  const isOpen = incoming[openKey] === true
  if (wasOpen !== isOpen) {
    const detail = `${openKey} value changed (was ${wasOpen}, now ${isOpen})`
    run.errors.push(invalidValue(`${path}.${openKey}`, isOpen, detail))
  }
  comparators[existing[intOrStringKey] === true ? 'int-or-string' : typeOf(existing)]?.(pair, run)
}

function hasSameType({ existing, incoming, path }: Pair, { errors }: Run): boolean {
  const before = typeOf(existing)
  const now = typeOf(incoming)
  if (before === now) return true
  errors.push(invalidValue(`${path}.type`, now, `The type changed (was "${before}", now "${now}")`))
  return false
}

function typeOf(schema: JsonObject): string {
  return typeof schema.type === 'string' ? schema.type : ''
}

function compareNumber(pair: Pair, run: Run): void {
  const { incoming, lcd } = pair
  if (incoming.type === 'integer' && run.narrow) lcd.type = 'integer'
  else if (!hasSameType(pair, run)) return
  compareNumeric(pair, run, 'number')
}

function compareInteger(pair: Pair, run: Run): void {
  if (pair.incoming.type !== 'number' && !hasSameType(pair, run)) return
  compareNumeric(pair, run, 'integer')
}

const numericKeys = ['maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'multipleOf']

function compareNumeric(pair: Pair, run: Run, type: string): void {
  refuseConstructs(pair, run, { type, names: ['not', 'allOf', 'anyOf', 'oneOf', 'enum'] })
  requireUnchanged(pair, run, numericKeys)
}

function compareString(pair: Pair, run: Run): void {
  if (!hasSameType(pair, run)) return
  refuseConstructs(pair, run, { type: 'string', names: ['not', 'allOf', 'anyOf', 'oneOf'] })
  requireUnchanged(pair, run, ['maxLength', 'minLength', 'pattern'])
  compareEnum(pair, run)
  requireUnchanged(pair, run, ['format'])
}

function compareEnum({ existing, incoming, lcd, path }: Pair, { narrow, errors }: Run): void {
  const before = listOf(existing.enum)
  const now = listOf(incoming.enum)
  // An enum published by one Kubernetes and not by another describes the same values.
  if (before.length === 0 || now.length === 0) return
  const kept = before.filter(value => now.includes(value))
  if (kept.length === before.length) return
  if (narrow) lcd.enum = kept
  else {
    errors.push(invalidGoValue(`${path}.enum`, goValue([...now]), 'enum value has been changed in an incompatible way'))
  }
}

function compareBoolean(pair: Pair, run: Run): void {
  if (!hasSameType(pair, run)) return
  refuseConstructs(pair, run, { type: 'boolean', names: ['not', 'allOf', 'anyOf', 'oneOf', 'enum'] })
}

function compareArray(pair: Pair, run: Run): void {
  const { existing, incoming, lcd, path } = pair
  if (!hasSameType(pair, run)) return
  refuseConstructs(pair, run, { type: 'array', names: ['not', 'allOf', 'anyOf', 'oneOf', 'enum'] })
  requireUnchanged(pair, run, ['maxItems', 'minItems'])
  if (existing.uniqueItems !== true && incoming.uniqueItems === true) {
    if (run.narrow) lcd.uniqueItems = true
    else {
      const detail = 'uniqueItems value has been changed in an incompatible way'
      run.errors.push(invalidValue(`${path}.uniqueItems`, true, detail))
    }
  }
  compareMember(pair, run, 'items')
}

function compareMember(
  { existing, incoming, lcd, path }: Pair,
  run: Run,
  name: 'items' | 'additionalProperties',
): void {
  const before = existing[name]
  const now = incoming[name]
  const common = lcd[name]
  if (!isJsonObject(before) || !isJsonObject(common)) return
  const next = { existing: before, incoming: isJsonObject(now) ? now : {}, lcd: common, path: `${path}.${name}` }
  compareNodes(next, run)
}

function compareObject(pair: Pair, run: Run): void {
  if (!hasSameType(pair, run)) return
  refuseConstructs(pair, run, { type: 'object', names: ['not', 'allOf', 'anyOf', 'oneOf', 'enum'] })
  requireUnchanged(pair, run, ['maxProperties', 'minProperties'])
  if (isJsonObject(pair.existing.properties)) compareProperties(pair, pair.existing.properties, run)
  else compareValues(pair, run)
}

function compareProperties(pair: Pair, before: JsonObject, run: Run): void {
  const { incoming, lcd, path } = pair
  const common = isJsonObject(lcd.properties) ? lcd.properties : {}
  const field = `${path}.properties`
  const now = incoming.properties
  const step = (name: string, other: JsonObject): void => {
    const own = before[name]
    const kept = common[name]
    if (!isJsonObject(own) || !isJsonObject(kept)) return
    compareNodes({ existing: own, incoming: other, lcd: kept, path: keyPath(field, name) }, run)
  }
  if (isJsonObject(now)) {
    dropMissing({ before, now, common, field }, run)
    for (const name of Object.keys(before)) {
      const other = getOwn(now, name)
      if (isJsonObject(other)) step(name, other)
    }
  } else if (isJsonObject(incoming.additionalProperties)) {
    for (const name of Object.keys(before)) step(name, incoming.additionalProperties)
  } else if (incoming.additionalProperties !== true && incoming[openKey] !== true) {
    const detail = 'properties value has been completely cleared in an incompatible way'
    run.errors.push(invalidValue(field, null, detail))
  }
}

interface PropertySets {
  readonly before: JsonObject
  readonly now: JsonObject
  readonly common: JsonObject
  readonly field: string
}

function dropMissing({ before, now, common, field }: PropertySets, { narrow, errors }: Run): void {
  const missing = Object.keys(before).filter(name => !Object.hasOwn(now, name))
  if (missing.length === 0) return
  if (narrow) for (const name of missing) delete common[name]
  else
    errors.push(invalidGoValue(field, goValue(missing.sort()), 'properties have been removed in an incompatible way'))
}

/** Maps: a schema of values, or true for anything. */
function compareValues(pair: Pair, run: Run): void {
  const { existing, incoming, lcd, path } = pair
  const before = existing.additionalProperties
  const now = incoming.additionalProperties
  const field = `${path}.additionalProperties`
  if (isJsonObject(before)) {
    if (now === true) return
    if (isJsonObject(now)) compareMember(pair, run, 'additionalProperties')
    else
      run.errors.push(
        invalidGoValue(field, goValue(now), 'additionalProperties value has been changed in an incompatible way'),
      )
  } else if (before === true && now !== true) {
    if (run.narrow && now !== undefined) lcd.additionalProperties = copyJson(now)
    else
      run.errors.push(
        invalidGoValue(field, goValue(now), 'additionalProperties value has been changed in an incompatible way'),
      )
  }
}

function compareIntOrString(pair: Pair, run: Run): void {
  const { incoming, path } = pair
  if (incoming[intOrStringKey] !== true) {
    const detail = `${intOrStringKey} value changed (was true, now false)`
    run.errors.push(invalidValue(`${path}.${intOrStringKey}`, false, detail))
    return
  }
  requireUnchanged(pair, run, ['anyOf', 'maxLength', 'minLength', 'pattern', ...numericKeys])
}

interface Constructs {
  readonly type: string
  readonly names: readonly string[]
}

function refuseConstructs({ existing, incoming, path }: Pair, { errors }: Run, { type, names }: Constructs): void {
  for (const name of names) {
    if (existing[name] === undefined && incoming[name] === undefined) continue
    const detail = `The "${name}" JSON Schema construct is not supported by the Schema negotiation for type "${type}"`
    errors.push(forbiddenField(`${path}.${name}`, detail))
  }
}

function requireUnchanged({ existing, incoming, path }: Pair, { errors }: Run, names: readonly string[]): void {
  for (const name of names) {
    if (equalJson(existing[name], incoming[name])) continue
    const detail = `${name} value has been changed in an incompatible way`
    errors.push(invalidValue(`${path}.${name}`, incoming[name], detail))
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}
