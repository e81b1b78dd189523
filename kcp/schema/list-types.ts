// Lists that are sets or maps may not have two equal elements or keys. Checked after the schema, and on updates only where
// the object before kept it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { duplicateValue, invalidValue } from './field-errors.ts'
import { indexPath, keyPath, memberPath } from './field-path.ts'
import { goBadValue } from './go-value.ts'
import type { SchemaNode } from './schema-node.ts'

export function checkListTypes(value: JsonValue | undefined, node: SchemaNode, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = node
    const inside = items ? value.flatMap((item, index) => checkListTypes(item, items, indexPath(path, index))) : []
    return [...checkList(value, node.raw, path), ...inside]
  }
  if (!isJsonObject(value)) return []
  return Object.keys(value).flatMap(key => {
    const member = node.properties.get(key)
    if (member) return checkListTypes(value[key], member, memberPath(path, key))
    if (node.values === undefined || node.values === true) return []
    return checkListTypes(value[key], node.values, keyPath(path, key))
  })
}

/** Whether a schema has such lists anywhere, so that others pay nothing. */
export function hasListTypes(node: SchemaNode, seen: Set<SchemaNode> = new Set()): boolean {
  if (seen.has(node)) return false
  seen.add(node)
  const listType = node.raw['x-kubernetes-list-type']
  if (listType === 'set' || listType === 'map') return true
  const children = [...node.properties.values(), node.values, node.items]
  return children.some(child => child !== undefined && child !== true && hasListTypes(child, seen))
}

function checkList(list: readonly JsonValue[], raw: JsonObject, path: string): FieldError[] {
  const listType = raw['x-kubernetes-list-type']
  if (listType === 'set') return duplicates(list, path)
  if (listType !== 'map') return []
  const wrong = list.findIndex(item => item !== null && !isJsonObject(item))
  if (wrong >= 0) {
    return [invalidValue(indexPath(path, wrong), list[wrong], 'must be an object for an array of list-type map')]
  }
  const names = raw['x-kubernetes-list-map-keys']
  const keys = Array.isArray(names) ? names.map(String) : []
  return duplicates(
    list.map(item => pickKeys(item, keys)),
    path,
  )
}

/** Each value that comes again is told once. */
function duplicates(list: readonly JsonValue[], path: string): FieldError[] {
  const times = new Map<string, number>()
  const errors: FieldError[] = []
  list.forEach((item, index) => {
    const text = canonical(item)
    const count = times.get(text) ?? 0
    times.set(text, count + 1)
    if (count === 1) errors.push(duplicateValue(indexPath(path, index), goBadValue(item)))
  })
  return errors
}

function pickKeys(item: JsonValue, names: readonly string[]): JsonObject {
  if (!isJsonObject(item)) return {}
  return Object.fromEntries(names.filter(name => item[name] !== undefined).map(name => [name, item[name]]))
}

function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isJsonObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  )
}
