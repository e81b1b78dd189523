// Which fields an object gained, lost or changed. The hot path of every write: what is equal allocates nothing.
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { type Fields, leaf, nodeOf, noFields, union } from './fields.ts'
import { indexList, shapeOf } from './typed-value.ts'

export interface Comparison {
  readonly added: Fields
  readonly removed: Fields
  readonly modified: Fields
}

type Value = JsonValue | undefined
/** Undefined stands for no change. */
type Change = { added?: Fields | undefined; removed?: Fields | undefined; modified?: Fields | undefined } | undefined

export function compare(before: JsonObject, after: JsonObject, topology: Topology | undefined): Comparison {
  const change = compareMaps(before, after, topology)
  return {
    added: change?.added ?? noFields,
    removed: change?.removed ?? noFields,
    modified: change?.modified ?? noFields,
  }
}

/** Change of one node: the sets hold the node itself when it is a member, and what is below it. */
function compareValues(before: Value, after: Value, topology: Topology | undefined): Change {
  if (before === after) return undefined
  const beforeShape = before === undefined ? undefined : shapeOf(before, topology)
  const afterShape = after === undefined ? undefined : shapeOf(after, topology)
  const shape = afterShape ?? beforeShape
  if (beforeShape !== undefined && afterShape !== undefined && beforeShape !== afterShape) {
    return changeOfShape(before, after, topology)
  }
  if (shape === 'leaf' || (isHollow(before) && isHollow(after))) return compareLeaves(before, after)
  const change = shape === 'map' ? compareMaps(before, after, topology) : compareLists(before, after, topology)
  if (before === undefined) return { added: nodeOf(true, change?.added) }
  if (after === undefined) return { removed: nodeOf(true, change?.removed) }
  return change
}

/** Null and what has no parts: compared as one, which keeps `null`, `{}` and absent apart. */
function isHollow(value: Value): boolean {
  if (value === null || value === undefined) return true
  if (Array.isArray(value)) return value.length === 0
  if (!isJsonObject(value)) return false
  for (const _ in value) return false
  return true
}

function compareLeaves(before: Value, after: Value): Change {
  if (before === undefined) return { added: leaf }
  if (after === undefined) return { removed: leaf }
  return equalJson(before, after) ? undefined : { modified: leaf }
}

function changeOfShape(before: Value, after: Value, topology: Topology | undefined): Change {
  const removed = compareValues(before, undefined, topology)?.removed
  const added = compareValues(undefined, after, topology)?.added
  return { modified: leaf, removed: partsOf(removed), added: partsOf(added) }
}

function partsOf(node: Fields | undefined): Fields | undefined {
  if (node === undefined) return undefined
  const { '.': _, ...parts } = node
  return nodeOf(false, parts)
}

function compareMaps(before: Value, after: Value, topology: Topology | undefined): Change {
  const old = isJsonObject(before) ? before : noMembers
  const young = isJsonObject(after) ? after : noMembers
  let change: Change
  for (const name in young) {
    const value = young[name]
    if (value === undefined) continue
    const was = getOwn(old, name)
    if (was === value) continue
    change = extend(change, `f:${name}`, compareValues(was, value, memberTopology(topology, name)))
  }
  for (const name in old) {
    const value = old[name]
    if (value === undefined || getOwn(young, name) !== undefined) continue
    change = extend(change, `f:${name}`, compareValues(value, undefined, memberTopology(topology, name)))
  }
  return change
}

const noMembers: JsonObject = Object.freeze({})

function compareLists(before: Value, after: Value, topology: Topology | undefined): Change {
  if (topology === undefined) return compareLeaves(before, after)
  const old = indexList(Array.isArray(before) ? before : [], topology)
  const young = indexList(Array.isArray(after) ? after : [], topology)
  // Elements without a name of their own: the list counts as one value.
  if (old === undefined || young === undefined) return compareLeaves(before, after)
  let change: Change
  for (const [key, value] of young) change = extend(change, key, compareValues(old.get(key), value, topology.items))
  for (const [key, value] of old) {
    if (!young.has(key)) change = extend(change, key, compareValues(value, undefined, topology.items))
  }
  return change
}

function extend(change: Change, key: string, part: Change): Change {
  if (part === undefined) return change
  const whole = change ?? {}
  for (const kind of ['added', 'removed', 'modified'] as const) {
    const node = part[kind]
    if (node === undefined) continue
    const fields = whole[kind] ?? {}
    fields[key] = node
    whole[kind] = fields
  }
  return whole
}

/** Fields that a write sets: gained and changed ones. */
export function written({ added, modified }: Comparison): Fields {
  return union(added, modified)
}
