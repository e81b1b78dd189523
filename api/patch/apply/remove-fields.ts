// Takes fields out of a value.
import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { childOf, type Fields, isMember, keysBelow, leaf, nodeOf } from './fields.ts'
import { elementKey, namedField, shapeOf } from './typed-value.ts'

/** A container that loses all its parts becomes null, as in Kubernetes: validation or defaulting answer for it. */
export function removeFields(object: JsonObject, gone: Fields, topology: Topology | undefined): JsonObject {
  return withoutMembers(object, gone, topology) ?? {}
}

function without(value: JsonValue, gone: Fields, topology: Topology | undefined): JsonValue {
  const shape = shapeOf(value, topology)
  if (shape === 'map' && isJsonObject(value)) return withoutMembers(value, gone, topology) ?? null
  if (shape === 'list' && Array.isArray(value) && topology !== undefined) return withoutElements(value, gone, topology)
  return isJsonObject(value) || Array.isArray(value) ? null : value
}

/** Undefined when nothing is left. */
function withoutMembers(map: JsonObject, gone: Fields, topology: Topology | undefined): JsonObject | undefined {
  const left: JsonObject = {}
  let isEmpty = true
  for (const name of Object.keys(map)) {
    const value = map[name]
    if (value === undefined) continue
    const node = childOf(gone, `f:${name}`)
    if (node !== undefined && isMember(node)) continue
    setOwn(left, name, node === undefined ? value : without(value, node, memberTopology(topology, name)))
    isEmpty = false
  }
  return isEmpty ? undefined : left
}

function withoutElements(list: JsonValue[], gone: Fields, topology: Topology): JsonValue[] | null {
  const left: JsonValue[] = []
  for (const element of list) {
    const key = elementKey(element, topology)
    const node = typeof key === 'string' ? childOf(gone, key) : undefined
    if (node !== undefined && isMember(node)) continue
    left.push(node === undefined ? element : without(element, node, topology.items))
  }
  return left.length === 0 ? null : left
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
