// What Go's typed decoding does to native objects: a value of the wrong type is refused with Go's words, and null means
// absent. Quantities become what Kubernetes makes of them. Leaves out: unknown members (prune.ts).
import { goKind, isJsonObject, isRawNumber, type JsonObject, type JsonValue } from '../../api/json.ts'
import { formatQuantity, parseQuantity, roundUpQuantity } from '../../api/quantity.ts'
import { parseTime } from '../../api/time.ts'
import { hasFormat } from './formats.ts'
import { goNumberToken, isGoInt32, isGoInt64, isInteger } from './go-value.ts'
import type { SchemaNode } from './schema-node.ts'

interface Place {
  readonly node: SchemaNode
  /** Name of the Go struct that holds the field, and the field's path from the root. */
  readonly struct: string
  readonly path: string
}

/** Drops nulls in place; returns what Go would say about the first value of a wrong type. */
export function decodeObject(object: JsonObject, root: SchemaNode): string | undefined {
  const { metadata: _registry, apiVersion: _version, kind: _kind, ...members } = object
  for (const name of Object.keys(members)) {
    const node = root.properties.get(name)
    if (node === undefined) continue
    if (object[name] === null) {
      delete object[name]
      continue
    }
    const problem = decodeValue(object[name], { node, struct: structName(root), path: name })
    if (problem !== undefined) return problem
    if (isOmitted(object[name], name, root)) delete object[name]
  }
  return undefined
}

function decodeValue(value: JsonValue | undefined, place: Place): string | undefined {
  const { node } = place
  if (value === undefined || node.open) return undefined
  if (node.intOrString)
    return typeof value === 'string' || isInteger(value) ? undefined : mismatch(value, place, 'int32')
  if (isQuantity(node)) return undefined
  switch (node.type) {
    case 'string':
      return typeof value === 'string' ? decodeText(value, node) : mismatch(value, place, 'string')
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(value, place, 'bool')
    case 'integer':
      return decodeInteger(value, place)
    case 'number':
      return typeof value === 'number' || isRawNumber(value) ? undefined : mismatch(value, place, 'float64')
    case 'array':
      return Array.isArray(value) ? decodeItems(value, place) : mismatch(value, place, goType(node))
    case 'object':
      return isJsonObject(value) ? decodeMembers(value, place) : mismatch(value, place, goType(node))
  }
  return undefined
}

function decodeInteger(value: JsonValue, place: Place): string | undefined {
  const type = String(place.node.raw.format ?? 'int64')
  const fits = type === 'int32' ? isGoInt32(value) : isGoInt64(value)
  return fits ? undefined : mismatch(value, place, type)
}

function decodeText(text: string, node: SchemaNode): string | undefined {
  const { format } = node.raw
  if (format === 'date-time' && parseTime(text) === undefined) {
    const quoted = JSON.stringify(text)
    return `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`
  }
  if (format === 'byte' && text !== '' && !hasFormat(text.replace(/[\r\n]/g, ''), 'byte'))
    return `illegal base64 data at input byte ${badBase64At(text)}`
  return undefined
}

function badBase64At(text: string): number {
  const at = text.search(/[^A-Za-z0-9+/\r\n]/)
  return at < 0 ? text.length - (text.length % 4) : at
}

function decodeItems(list: JsonValue[], place: Place): string | undefined {
  const { items } = place.node
  if (items === undefined) return undefined
  for (const item of list) {
    const problem = item === null ? undefined : decodeValue(item, { ...place, node: items })
    if (problem !== undefined) return problem
  }
  return undefined
}

function decodeMembers(object: JsonObject, place: Place): string | undefined {
  const { node, path } = place
  for (const name of Object.keys(object)) {
    const field = node.properties.get(name)
    const member = field ?? node.values
    if (member === undefined || member === true) continue
    if (object[name] === null) {
      // Of a map Go keeps the key, with the zero value.
      if (field === undefined && isQuantity(member)) object[name] = '0'
      else if (field === undefined && member.type === 'string') object[name] = ''
      else delete object[name]
      continue
    }
    if (isQuantity(member)) {
      const problem = decodeQuantity(object, name, field === undefined)
      if (problem !== undefined) return problem
      continue
    }
    const at = field ? { node: field, struct: structName(node), path: `${path}.${name}` } : { ...place, node: member }
    const problem = decodeValue(object[name], at)
    if (problem !== undefined) return problem
    if (field && isOmitted(object[name], name, node)) delete object[name]
  }
  return undefined
}

const isQuantity = (node: SchemaNode): boolean => Array.isArray(node.raw.oneOf) && !node.intOrString

/** In place. In maps, which are lists of resources, nothing is finer than a thousandth. */
function decodeQuantity(object: JsonObject, name: string, inMap: boolean): string | undefined {
  const value = object[name]
  const quantity = parseQuantity(typeof value === 'string' ? value.trim() : numberText(value))
  if (typeof quantity === 'string') return quantity
  object[name] = formatQuantity(inMap ? roundUpQuantity(quantity, -3) : quantity)
  return undefined
}

const numberText = (value: JsonValue | undefined): string =>
  isRawNumber(value) ? value.rawJSON : typeof value === 'number' ? String(value) : ''

/** Lists and maps without anything in them are not written, but for the few that always are. */
function isOmitted(
  value: JsonValue | undefined,
  name: string,
  { required, component, properties }: SchemaNode,
): boolean {
  if (required.includes(name) || component.startsWith('io.k8s.api.rbac.')) return false
  if (Array.isArray(value)) return value.length === 0
  const isMap = isJsonObject(value) && properties.get(name)?.values !== undefined
  return isMap && Object.keys(value).length === 0
}

function mismatch(value: JsonValue, { struct, path }: Place, type: string): string {
  const token = /^(?:int|float)/.test(type) ? goNumberToken(value) : goKind(value)
  return `json: cannot unmarshal ${token} into Go struct field ${struct}.${path} of type ${type}`
}

/** `io.k8s.api.core.v1.PodSpec` → `PodSpec`. */
function structName(node: SchemaNode): string {
  return node.component.slice(node.component.lastIndexOf('.') + 1)
}

function goType(node: SchemaNode): string {
  if (node.type === 'array') return `[]${node.items ? goType(node.items) : 'string'}`
  if (node.component !== '') return node.component.split('.').slice(-2).join('.')
  if (node.values !== undefined && node.values !== true) return `map[string]${goType(node.values)}`
  const names: Record<string, string> = { boolean: 'bool', integer: 'int64', number: 'float64' }
  return names[node.type] ?? node.type
}
