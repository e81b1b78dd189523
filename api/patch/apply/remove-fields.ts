// Takes fields out of a value; containers that become empty go too.
import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { childOf, type Fields, isMember, keysBelow, leaf, nodeOf } from './fields.ts'
import { elementKey, namedField, shapeOf } from './typed-value.ts'

export function removeFields(object: JsonObject, gone: Fields, topology: Topology | undefined): JsonObject {
  const left = without(object, gone, topology)
  return isJsonObject(left) ? left : {}
}

/** Undefined when nothing is left. */
function without(value: JsonValue, gone: Fields, topology: Topology | undefined): JsonValue | undefined {
  const shape = shapeOf(value, topology)
  if (shape === 'map' && isJsonObject(value)) return withoutMembers(value, gone, topology)
  if (shape === 'list' && Array.isArray(value) && topology !== undefined) return withoutElements(value, gone, topology)
  return isJsonObject(value) || Array.isArray(value) ? undefined : value
}

function withoutMembers(map: JsonObject, gone: Fields, topology: Topology | undefined): JsonObject | undefined {
  const left: JsonObject = {}
  for (const name of Object.keys(map)) {
    const value = map[name]
    const node = childOf(gone, `f:${name}`)
    if (value === undefined || (node !== undefined && isMember(node))) continue
    const rest = node === undefined ? value : without(value, node, memberTopology(topology, name))
    if (rest !== undefined) setOwn(left, name, rest)
  }
  return Object.keys(left).length === 0 ? undefined : left
}

function withoutElements(list: JsonValue[], gone: Fields, topology: Topology): JsonValue[] | undefined {
  const left: JsonValue[] = []
  for (const element of list) {
    const key = elementKey(element, topology)
    const node = typeof key === 'string' ? childOf(gone, key) : undefined
    if (node !== undefined && isMember(node)) continue
    const rest = node === undefined ? element : without(element, node, topology.items)
    if (rest !== undefined) left.push(rest)
  }
  return left.length === 0 ? undefined : left
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
