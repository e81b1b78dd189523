// How a value is seen through a Topology: as a map or list with parts of their own, or as one leaf.
// Values of unknown shape are maps with parts, atomic lists, and scalars.
import { goJson } from '../../go-json.ts'
import { getOwn, isJsonObject, type JsonValue } from '../../json.ts'
import type { Topology } from '../topology.ts'

export type Shape = 'map' | 'list' | 'leaf'

/** Whether a value has parts; null counts as what the type says, and as a map where it says nothing. */
export function shapeOf(value: JsonValue | undefined, topology: Topology | undefined): Shape {
  if (Array.isArray(value)) return isKeyedList(topology) ? 'list' : 'leaf'
  if (isJsonObject(value)) return topology?.mapType === 'atomic' ? 'leaf' : 'map'
  if (value !== null) return 'leaf'
  const type = topology?.type ?? 'object'
  if (type === 'object') return topology?.mapType === 'atomic' ? 'leaf' : 'map'
  return type === 'array' && isKeyedList(topology) ? 'list' : 'leaf'
}

function isKeyedList(topology: Topology | undefined): boolean {
  return topology?.listType === 'set' || topology?.listType === 'map'
}

/** Topology of a named field only: what a type declares, not values of a map. */
export function namedField(topology: Topology | undefined, name: string): Topology | undefined {
  const fields = topology?.fields
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
}

const sortedKeys = new WeakMap<Topology, NonNullable<Topology['mapKeys']>>()

function keysOf(topology: Topology): NonNullable<Topology['mapKeys']> {
  let keys = sortedKeys.get(topology)
  if (keys === undefined) {
    keys = [...(topology.mapKeys ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
    sortedKeys.set(topology, keys)
  }
  return keys
}

/** The name of an element in sets of fields; an Error says why it has none. */
export function elementKey(element: JsonValue, topology: Topology): string | Error {
  if (topology.listType === 'set') return setElementKey(element)
  if (element === null) return new Error('associative list with keys may not have a null element')
  if (!isJsonObject(element)) return new Error('associative list with keys may not have non-map elements')
  let text = ''
  for (const { name, default: fallback } of keysOf(topology)) {
    const value = getOwn(element, name) ?? fallback
    if (value === undefined) {
      const text = `associative list with keys has an element that omits key field "${name}"`
      return new Error(`${text} (and doesn't have default value)`)
    }
    text += `${text === '' ? '' : ','}"${name}":${goJson(value)}`
  }
  return `k:{${text}}`
}

function setElementKey(element: JsonValue): string | Error {
  if (element === null) return new Error("associative list without keys has an element that's an explicit null")
  if (Array.isArray(element)) return new Error('not supported: associative list with lists as elements')
  if (isJsonObject(element)) return new Error("associative list without keys has an element that's a map type")
  return `v:${goJson(element)}`
}

/** Elements by name, in order of the first of each. Those without a name are left out: they are invalid. */
export function groupList(list: readonly JsonValue[], topology: Topology): Map<string, JsonValue[]> {
  const groups = new Map<string, JsonValue[]>()
  for (const element of list) {
    const key = elementKey(element, topology)
    if (typeof key !== 'string') continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [element])
    else group.push(element)
  }
  return groups
}

/** Elements by name, in order; undefined when one has no name or a name repeats, so the list must be taken as one. */
export function indexList(list: readonly JsonValue[], topology: Topology): Map<string, JsonValue> | undefined {
  const index = new Map<string, JsonValue>()
  for (const element of list) {
    const key = elementKey(element, topology)
    if (typeof key !== 'string' || index.has(key)) return undefined
    index.set(key, element)
  }
  return index
}
