// Strategic merge patch: a merge patch whose lists merge by key, and whose `$…` members say what a merge cannot.
// Driven by Topology: patch tags where a type has them, else list topology. Pure. Leaves out: making such patches.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../json.ts'
import { badRequest, failure } from '../status-error.ts'
import { goTypeName, goValue } from './go-value.ts'
import { checkOrder, deletePrimitives, mergeList, orderList } from './strategic-lists.ts'
import { elementTopology, isReplaced, listRule, memberTopology } from './strategic-topology.ts'
import type { Topology } from './topology.ts'

const directive = '$patch'
const retainKeys = '$retainKeys'
const deletePrefix = '$deleteFromPrimitiveList/'
const orderPrefix = '$setElementOrder/'

/** Throws 400 for malformed directives and a 500 without reason, as Kubernetes, for lists that cannot be merged. */
export function applyStrategicMerge(
  document: JsonObject,
  patch: JsonObject,
  topology: Topology | undefined,
): JsonObject {
  const whole = getOwn(patch, directive)
  if (whole !== undefined) return applyDirective(whole, patch)
  const merged: JsonObject = {}
  const kept = retainedKeys(patch)
  for (const key of Object.keys(document)) if (kept === undefined || kept.has(key)) setOwn(merged, key, document[key])
  const ordered = applyOrders(merged, patch, topology)
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === undefined || ordered.has(key)) continue
    if (key.startsWith(deletePrefix)) deleteValues(merged, key.slice(deletePrefix.length), value)
    else if (!isInstruction(key)) mergeMember(merged, key, { value, topology: memberTopology(topology, key) })
  }
  return merged
}

function applyDirective(word: JsonValue, patch: JsonObject): JsonObject {
  if (word === 'delete') return {}
  if (word === 'replace') {
    const { [directive]: _, ...rest } = patch
    return rest
  }
  throw failure(500, '', `unknown patch type: ${goValue(word)} in map: ${goValue(patch)}`)
}

function mergeMember(
  merged: JsonObject,
  key: string,
  part: { value: JsonValue; topology: Topology | undefined },
): void {
  const { value, topology } = part
  const before = getOwn(merged, key)
  if (value === null) delete merged[key]
  else if (isJsonObject(before) && isJsonObject(value)) {
    setOwn(merged, key, isReplaced(topology) ? value : applyStrategicMerge(before, value, topology))
  } else if (Array.isArray(before) && Array.isArray(value)) {
    setOwn(merged, key, mergeLists(before, value, topology))
  } else {
    const plain = withoutDirectives(value)
    if (plain === undefined) delete merged[key]
    else setOwn(merged, key, plain)
  }
}

function mergeLists(before: JsonValue[], patch: JsonValue[], topology: Topology | undefined): JsonValue[] {
  const rule = listRule(topology)
  const element = elementTopology(topology)
  if (!rule.merge) return patch
  return mergeList(before, patch, {
    keys: rule.keys,
    mergeElement: (a, b) => applyStrategicMerge(a, b, element),
    plainElement: added => withoutDirectives(added) ?? {},
  })
}

/** Merges the lists whose order the patch gives; returns their names, which need no further merging. */
function applyOrders(merged: JsonObject, patch: JsonObject, topology: Topology | undefined): Set<string> {
  const done = new Set<string>()
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(orderPrefix)) continue
    const order = patch[name]
    const key = name.slice(orderPrefix.length)
    const before = getOwn(merged, key)
    const after = getOwn(patch, key)
    if (after === null) continue
    if (!Array.isArray(order)) {
      throw failure(500, '', `expected a []interface {}, but received a ${goTypeName(order ?? null)}`)
    }
    if (notList(before) || notList(after)) throw badRequest('invalid patch format of setElementOrder list')
    done.add(key)
    if (before === undefined && after === undefined) continue
    const type = memberTopology(topology, key)
    checkOrder(after ?? [], order, listRule(type).keys)
    const list = orderedContent(before, after, type)
    setOwn(merged, key, orderList(list, { order, before: before ?? [], keys: listRule(type).keys }))
  }
  return done
}

function orderedContent(
  before: JsonValue[] | undefined,
  after: JsonValue[] | undefined,
  topology: Topology | undefined,
): JsonValue[] {
  if (after === undefined) return before ?? []
  if (before === undefined) return plainElements(after)
  return mergeLists(before, after, topology)
}

function notList(value: JsonValue | undefined): value is Exclude<JsonValue, JsonValue[]> {
  return value !== undefined && !Array.isArray(value)
}

function deleteValues(merged: JsonObject, key: string, values: JsonValue): void {
  if (!Array.isArray(values)) throw badRequest('invalid patch format of primitive list')
  const before = getOwn(merged, key)
  if (Array.isArray(before)) setOwn(merged, key, deletePrimitives(before, values))
}

/** `$retainKeys` lists all members that stay; every member the patch sets must be among them. */
function retainedKeys(patch: JsonObject): Set<JsonValue> | undefined {
  const list = getOwn(patch, retainKeys)
  if (list === undefined) return undefined
  const kept = new Set(Array.isArray(list) ? list : [])
  const isFine = (key: string) => patch[key] === null || key.startsWith('$') || kept.has(key)
  if (!Array.isArray(list) || !Object.keys(patch).every(isFine)) {
    throw badRequest('invalid patch format of retainKeys')
  }
  return kept
}

/** A value that is new: nulls and what carries a directive vanish. */
function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return plainElements(value)
  if (!isJsonObject(value)) return value
  if (Object.hasOwn(value, directive)) return undefined
  const plain: JsonObject = {}
  for (const key of Object.keys(value)) {
    const member = isInstruction(key) ? undefined : value[key]
    const kept = member === null || member === undefined ? undefined : withoutDirectives(member)
    if (kept !== undefined) setOwn(plain, key, kept)
  }
  return plain
}

/** Members that say how to merge what is beside them. */
function isInstruction(key: string): boolean {
  return key === retainKeys || key.startsWith(orderPrefix) || key.startsWith(deletePrefix)
}

function plainElements(list: JsonValue[]): JsonValue[] {
  return list.map(withoutDirectives).filter(element => element !== undefined)
}
