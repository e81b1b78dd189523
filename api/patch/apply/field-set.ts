// The set of all fields that a value has: what a manager owns that applies it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { type Fields, leaf, nodeOf, noFields } from './fields.ts'
import { groupList, namedField, shapeOf } from './typed-value.ts'

export function fieldSet(object: JsonObject, topology: Topology | undefined): Fields {
  return fieldsBelow(object, topology) ?? noFields
}

/** What is below a value that has parts; undefined for a leaf, which is a member itself. */
function fieldsBelow(value: JsonValue, topology: Topology | undefined): Fields | undefined {
  const shape = shapeOf(value, topology)
  if (shape === 'map') return isJsonObject(value) ? mapFields(value, topology) : noFields
  if (shape !== 'list' || topology === undefined) return undefined
  if (!Array.isArray(value)) return noFields
  const fields: Fields = {}
  for (const [key, [element = null, ...others]] of groupList(value, topology)) {
    const isRepeated = others.length > 0
    fields[key] = (isRepeated ? undefined : nodeOf(true, fieldsBelow(element, topology.items))) ?? leaf
  }
  return fields
}

function mapFields(map: JsonObject, topology: Topology | undefined): Fields {
  const fields: Fields = {}
  for (const name of Object.keys(map)) {
    const value = map[name]
    if (value === undefined) continue
    const below = fieldsBelow(value, memberTopology(topology, name))
    const isLeaf = below === undefined || isEmptyMap(value) || namedField(topology, name) === undefined
    const node = nodeOf(isLeaf, below)
    if (node !== undefined) fields[`f:${name}`] = node
  }
  return fields
}

function isEmptyMap(value: JsonValue): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0)
}
