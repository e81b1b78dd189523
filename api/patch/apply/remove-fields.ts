// Takes fields out of a value; containers that become empty go too, unless somebody owns the container itself.
import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { childOf, type Fields, isMember, keysBelow, leaf, nodeOf, noFields } from './fields.ts'
import { elementKey, namedField, shapeOf } from './typed-value.ts'

interface Removal {
  readonly gone: Fields
  /** Containers in this set stay when they become empty. */
  readonly owned?: Fields
}

export function removeFields(object: JsonObject, removal: Removal, topology: Topology | undefined): JsonObject {
  const { gone, owned = noFields } = removal
  return withoutMembers(object, { gone, owned }, topology)
}

/** Undefined when nothing is left. */
function without(value: JsonValue, sets: Required<Removal>, topology: Topology | undefined): JsonValue | undefined {
  const shape = shapeOf(value, topology)
  if (shape === 'map' && isJsonObject(value)) return withoutMembers(value, sets, topology)
  if (shape === 'list' && Array.isArray(value) && topology !== undefined) return withoutElements(value, sets, topology)
  return isJsonObject(value) || Array.isArray(value) ? undefined : value
}

function withoutMembers(map: JsonObject, sets: Required<Removal>, topology: Topology | undefined): JsonObject {
  const left: JsonObject = {}
  for (const name of Object.keys(map)) {
    const value = map[name]
    if (value === undefined) continue
    const rest = part(value, { key: `f:${name}`, sets, topology: memberTopology(topology, name) })
    if (rest !== undefined) setOwn(left, name, rest)
  }
  return left
}

function withoutElements(list: JsonValue[], sets: Required<Removal>, topology: Topology): JsonValue[] {
  const left: JsonValue[] = []
  for (const element of list) {
    const key = elementKey(element, topology)
    const rest = typeof key === 'string' ? part(element, { key, sets, topology: topology.items }) : element
    if (rest !== undefined) left.push(rest)
  }
  return left
}

interface Part {
  readonly key: string
  readonly sets: Required<Removal>
  readonly topology: Topology | undefined
}

/** What is left of one member or element. */
function part(value: JsonValue, { key, sets, topology }: Part): JsonValue | undefined {
  const gone = childOf(sets.gone, key)
  if (gone === undefined) return value
  if (isMember(gone)) return undefined
  const owned = childOf(sets.owned, key)
  const left = without(value, { gone, owned: owned ?? noFields }, topology)
  if (left === undefined || !isEmptyContainer(left)) return left
  return owned !== undefined && isMember(owned) ? left : undefined
}

function isEmptyContainer(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

/** The same set with each declared field a member that has members below it. */
export function withNamedFields(fields: Fields, topology: Topology | undefined): Fields {
  const result: Fields = {}
  for (const key of keysBelow(fields)) {
    const node = childOf(fields, key) ?? leaf
    const name = key.startsWith('f:') ? key.slice(2) : undefined
    const type = name === undefined ? topology?.items : memberTopology(topology, name)
    const isNamed = name !== undefined && namedField(topology, name) !== undefined
    result[key] = nodeOf(isNamed || isMember(node), withNamedFields(node, type)) ?? leaf
  }
  return result
}
