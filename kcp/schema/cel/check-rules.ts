// Checks an object, and the one it replaces, against the rules of its schema: texts, transition rules, ratcheting and the
// cost budget of a request are Kubernetes' own.
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue } from '../field-errors.ts'
import { indexPath, keyPath, memberPath } from '../field-path.ts'
import type { SchemaNode } from '../schema-node.ts'
import type { Program } from './expression-program.ts'
import { createNamesOf, fromJson, type NamesOf } from './json-value.ts'
import type { CompiledRule } from './rule.ts'
import { brokenRule, evaluate, exceededText, failureText, fieldOf, type Values } from './rule-result.ts'
import type { RuleTree } from './rule-tree.ts'
import { isFailure, type Result } from './values.ts'

/** Of all rules for one object. Kubernetes has ten times as much: about a second, which no event loop has. */
export const requestCostMax = 1_000_000
/** Of the budget, to run a rule at all: there may be a million elements with a rule that costs nothing. */
const evaluationCost = 5
const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run'

/** A value and what it was before: what did not change may go on breaking a rule. */
interface Pair {
  readonly node: SchemaNode
  readonly value: JsonValue
  readonly old: JsonValue
  /** Found when asked for first. */
  isUnchanged?: boolean
}

interface Place {
  readonly path: string
  readonly old: JsonValue | undefined
  readonly pair: Pair | undefined
  /** The nearest part around that has an old value, when this one has none. */
  readonly parentPair: Pair | undefined
}

interface Run {
  readonly errors: FieldError[]
  remaining: number
  readonly namesOf: NamesOf
  readonly warn: RulesOptions['warn']
}

export interface RulesOptions {
  readonly old?: JsonObject | undefined
  /** Told of what an unchanged value breaks. */
  readonly warn?: ((text: string) => void) | undefined
}

export function checkRules(tree: RuleTree, object: JsonObject, { old, warn }: RulesOptions = {}): FieldError[] {
  const run = createRun(warn)
  const pair = old && { node: tree.node, value: object, old }
  checkTree(tree, object, { place: { path: '', old, pair, parentPair: undefined }, run })
  return run.errors
}

/** What the rules for all defaults of a schema may still cost. */
export interface DefaultBudget {
  remaining: number
}

export const createDefaultBudget = (): DefaultBudget => ({ remaining: requestCostMax })

/** A default is compared with itself where a rule compares. */
export function checkDefaultRules(
  tree: RuleTree,
  value: JsonValue,
  { path, budget }: { path: string; budget: DefaultBudget },
): FieldError[] {
  const run = { ...createRun(), remaining: budget.remaining }
  checkTree(tree, value, { place: { path, old: value, pair: undefined, parentPair: undefined }, run })
  budget.remaining = Math.max(0, run.remaining)
  return run.errors
}

const createRun = (warn: Run['warn'] = undefined): Run => ({
  errors: [],
  remaining: requestCostMax,
  namesOf: createNamesOf(),
  warn,
})

interface Visit {
  readonly place: Place
  readonly run: Run
}

function checkTree(tree: RuleTree, value: JsonValue | undefined, { place, run }: Visit): void {
  if (value === undefined || value === null) return
  if (tree.rules.length > 0) checkOwn(tree, value, { place, run })
  for (const part of tree.allOf) {
    if (run.remaining < 0) return
    checkTree(part, value, { place: { ...place, pair: undefined }, run })
  }
  if (Array.isArray(value)) checkItems(tree, value, { place, run })
  else if (isJsonObject(value)) checkMembers(tree, value, { place, run })
}

function checkMembers(tree: RuleTree, object: JsonObject, { place, run }: Visit): void {
  if (tree.element === undefined && tree.properties.size === 0) return
  for (const key of Object.keys(object)) {
    if (run.remaining < 0) return
    const member = tree.properties.get(key)
    const child = member ?? tree.element
    if (child === undefined) continue
    const path = member === undefined ? keyPath(place.path, key) : memberPath(place.path, key)
    const old = isJsonObject(place.old) ? getOwn(place.old, key) : undefined
    checkTree(child, object[key], { place: { path, old, ...pairOfMember(child.node, key, place) }, run })
  }
}

type Pairs = Pick<Place, 'pair' | 'parentPair'>

function pairOfMember(node: SchemaNode, key: string, { pair, parentPair }: Place): Pairs {
  if (pair === undefined) return { pair, parentPair }
  if (parentPair === undefined && (key === 'apiVersion' || key === 'kind')) return { pair: undefined, parentPair }
  const value = isJsonObject(pair.value) ? getOwn(pair.value, key) : undefined
  const old = isJsonObject(pair.old) ? getOwn(pair.old, key) : undefined
  if (value === undefined || old === undefined) return { pair: undefined, parentPair: pair }
  return { pair: { node, value, old }, parentPair: pair }
}

function checkItems(tree: RuleTree, list: readonly JsonValue[], { place, run }: Visit): void {
  const { element, node } = tree
  if (element === undefined) return
  const oldItem = itemsByKey(node, place.old)
  for (const [index, item] of list.entries()) {
    if (run.remaining < 0) return
    const old = oldItem(item)
    const { pair, parentPair } = place
    const pairs =
      pair === undefined ? { pair, parentPair } : { pair: pairOfItem(element.node, item, old), parentPair: pair }
    checkTree(element, item, { place: { path: indexPath(place.path, index), old, ...pairs }, run })
  }
}

function pairOfItem(node: SchemaNode, value: JsonValue, old: JsonValue | undefined): Pair | undefined {
  return old === undefined || old === null ? undefined : { node, value, old }
}

/** Only elements of list maps can be recognised again. */
function itemsByKey({ raw }: SchemaNode, old: JsonValue | undefined): (item: JsonValue) => JsonValue | undefined {
  const names = raw['x-kubernetes-list-map-keys']
  if (raw['x-kubernetes-list-type'] !== 'map' || !Array.isArray(names) || !Array.isArray(old)) return () => undefined
  const keyOf = (item: JsonValue) =>
    isJsonObject(item) ? JSON.stringify(names.map(name => getOwn(item, String(name)) ?? null)) : ''
  const known = new Map([...old].reverse().map(item => [keyOf(item), item]))
  return item => (isJsonObject(item) ? known.get(keyOf(item)) : undefined)
}

/** List maps count as unchanged in any order. */
function isUnchanged(pair: Pair): boolean {
  pair.isUnchanged ??= areAlike(pair)
  return pair.isUnchanged
}

function areAlike({ node, value, old }: Pair): boolean {
  if (Array.isArray(value) && Array.isArray(old) && node.raw['x-kubernetes-list-type'] === 'map') {
    const oldItem = itemsByKey(node, old)
    return value.length === old.length && value.every(item => equalJson(item, oldItem(item)))
  }
  return equalJson(value, old)
}

function checkOwn(tree: RuleTree, value: JsonValue, { place, run }: Visit): void {
  const type = tree.shape.form === 'int-or-string' ? '' : tree.node.type
  const self = fromJson(value, tree.shape, run.namesOf)
  if (run.remaining <= 0) stop(run, { path: place.path, type }, outOfBudget)
  for (const rule of tree.rules) {
    if (run.remaining < 0) return
    if (rule.problem !== undefined) {
      run.errors.push(invalidValue(fieldOf(place.path), type, `rule compile error: ${rule.problem}`))
      continue
    }
    const oldSelf = oldSelfFor(rule, place.old, old => fromJson(old, tree.shape, run.namesOf))
    if (rule.program !== undefined && oldSelf !== undefined) {
      checkRule(rule, rule.program, { values: { self, oldSelf }, type, place, run })
    }
  }
}

function stop(run: Run, { path, type }: { path: string; type: string }, detail: string): void {
  run.errors.push(invalidValue(fieldOf(path), type, detail))
  run.remaining = -1
}

/** undefined when the rule compares and there is nothing to compare with. */
function oldSelfFor(
  { source, program }: CompiledRule,
  old: JsonValue | undefined,
  read: (old: JsonValue | undefined) => Result,
): Result | undefined {
  const isAbsent = old === undefined || old === null
  if (program?.usesOldSelf !== true) return null
  if (source.optionalOldSelf !== true) return isAbsent ? undefined : read(old)
  if (isAbsent) return { tag: 'optional', value: undefined }
  const value = read(old)
  return isFailure(value) ? value : { tag: 'optional', value }
}

interface RuleVisit extends Visit {
  readonly values: Values
  readonly type: string
}

function checkRule(rule: CompiledRule, program: Program, { values, type, place, run }: RuleVisit): void {
  const { result, isExceeded, ...evaluated } = evaluate(program, values)
  const cost = Math.max(evaluated.cost, evaluationCost)
  const at = { path: place.path, type }
  if (cost > run.remaining || isExceeded) {
    // A call that is too much for any budget is named, whatever others have left of this one.
    stop(run, at, isExceeded ? exceededText(rule) : outOfBudget)
    return
  }
  run.remaining -= cost
  if (result === true) return
  if (isFailure(result)) {
    run.errors.push(invalidValue(fieldOf(place.path), type, failureText(result.message, rule)))
    return
  }
  const { error, messageCost } = brokenRule(rule, { values, ...at, remaining: run.remaining })
  run.remaining -= messageCost
  const pair = place.pair ?? place.parentPair
  if (program.usesOldSelf || pair === undefined || !isUnchanged(pair)) run.errors.push(error)
  else run.warn?.(`${error.field}: ${error.message}`)
}
