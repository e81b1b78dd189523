// Which fields an object gained, lost or changed. The hot path of every write: what is equal allocates nothing.
import { equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { type Fields, leaf, noFields, union } from './fields.ts'
import { groupList, shapeOf } from './typed-value.ts'

export interface Comparison {
  readonly added: Fields
  readonly removed: Fields
  readonly modified: Fields
}

type Value = JsonValue | undefined
type Kind = keyof Comparison

/** Where changes are collected: the set of each kind at one node, made when the first path below it is found. */
interface Place {
  readonly parent: Place | undefined
  /** Key below the parent. */
  readonly key: string
  added?: Fields
  removed?: Fields
  modified?: Fields
}

export function compare(before: JsonObject, after: JsonObject, topology: Topology | undefined): Comparison {
  const root: Place = { parent: undefined, key: '' }
  compareMaps(before, after, { topology, place: root })
  return { added: root.added ?? noFields, removed: root.removed ?? noFields, modified: root.modified ?? noFields }
}

interface Node {
  readonly topology: Topology | undefined
  readonly place: Place
}

function setAt(place: Place, kind: Kind): Fields {
  const known = place[kind]
  if (known !== undefined) return known
  const made: Fields = {}
  place[kind] = made
  if (place.parent !== undefined) setAt(place.parent, kind)[place.key] = made
  return made
}

/** Makes a key below a place a member. */
function mark(place: Place, key: string, kind: Kind): void {
  const set = setAt(place, kind)
  const node = set[key] as Fields | undefined
  if (node === undefined) set[key] = leaf
  else node['.'] = leaf
}

interface Pair {
  readonly before: Value
  readonly after: Value
}

/** Compares what is under one key. */
function compareValues({ before, after }: Pair, key: string, { topology, place }: Node): void {
  if (before === after) return
  const beforeShape = before === undefined ? undefined : shapeOf(before, topology)
  const afterShape = after === undefined ? undefined : shapeOf(after, topology)
  if (beforeShape !== undefined && afterShape !== undefined && beforeShape !== afterShape) {
    changeShape({ before, after }, key, { topology, place })
    return
  }
  const shape = afterShape ?? beforeShape
  if (shape === 'leaf' || (isHollow(before) && isHollow(after))) {
    compareLeaves({ before, after }, key, place)
    return
  }
  const below: Node = { topology, place: { parent: place, key } }
  if (shape === 'map') compareMaps(before, after, below)
  else compareLists(before, after, below)
  // What is below comes first: marking a node that has members adds the sign to it.
  if (before === undefined) mark(place, key, 'added')
  else if (after === undefined) mark(place, key, 'removed')
}

/** Null and what has no parts: compared as one, which keeps `null`, `{}` and absent apart. */
function isHollow(value: Value): boolean {
  if (value === null || value === undefined) return true
  if (Array.isArray(value)) return value.length === 0
  if (!isJsonObject(value)) return false
  for (const _ in value) return false
  return true
}

function compareLeaves({ before, after }: Pair, key: string, place: Place): void {
  if (before === undefined) mark(place, key, 'added')
  else if (after === undefined) mark(place, key, 'removed')
  else if (!equalJson(before, after)) mark(place, key, 'modified')
}

function changeShape({ before, after }: Pair, key: string, { topology, place }: Node): void {
  const below: Node = { topology, place: { parent: place, key } }
  for (const [was, is, value] of [
    [before, undefined, before],
    [undefined, after, after],
  ] as const) {
    const shape = value === undefined ? 'leaf' : shapeOf(value, topology)
    if (shape === 'map') compareMaps(was, is, below)
    else if (shape === 'list') compareLists(was, is, below)
  }
  // Null is a map without members: what it becomes are only its members.
  if (before !== null || !isJsonObject(after)) mark(place, key, 'modified')
}

function compareMaps(before: Value, after: Value, { topology, place }: Node): void {
  const old = isJsonObject(before) ? before : noMembers
  const young = isJsonObject(after) ? after : noMembers
  const zeros = before === undefined || after === undefined ? undefined : topology?.zeros
  for (const name in young) {
    const value = young[name]
    if (value === undefined) continue
    const stored = getOwn(old, name)
    const was = stored === undefined ? zeros?.[name] : stored
    if (was === value) continue
    compareValues({ before: was, after: value }, `f:${name}`, { topology: memberTopology(topology, name), place })
  }
  for (const name in old) {
    const value = old[name]
    if (value === undefined || getOwn(young, name) !== undefined) continue
    const pair = { before: value, after: zeros?.[name] }
    compareValues(pair, `f:${name}`, { topology: memberTopology(topology, name), place })
  }
}

const noMembers: JsonObject = Object.freeze({})

function compareLists(before: Value, after: Value, { topology, place }: Node): void {
  if (topology === undefined) return
  const old = groupList(Array.isArray(before) ? before : [], topology)
  const young = groupList(Array.isArray(after) ? after : [], topology)
  for (const [key, values] of young) compareElements([old.get(key) ?? [], values], key, { topology, place })
  for (const [key, values] of old) if (!young.has(key)) compareElements([values, []], key, { topology, place })
}

/** Elements of one name. Repeated ones count as one value: which of them is meant cannot be told. */
function compareElements([old, young]: [JsonValue[], JsonValue[]], key: string, { topology, place }: Node): void {
  const below: Node = { topology: topology?.items, place }
  const wasRepeated = old.length > 1
  const isRepeated = young.length > 1
  if (!wasRepeated && !isRepeated) {
    compareValues({ before: old[0], after: young[0] }, key, below)
  } else if (wasRepeated && isRepeated) {
    if (!equalJson(old, young)) mark(place, key, 'modified')
  } else if (wasRepeated) {
    compareValues({ before: undefined, after: young[0] }, key, below)
    mark(place, key, 'removed')
  } else {
    compareValues({ before: old[0], after: undefined }, key, below)
    mark(place, key, 'added')
  }
}

/** Fields that a write sets: gained and changed ones. */
export function written({ added, modified }: Comparison): Fields {
  return union(added, modified)
}
