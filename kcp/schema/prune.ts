// Structural pruning: members a schema does not know are removed. apiVersion, kind and metadata of a whole object and of
// embedded resources stay: ObjectMeta has its own rules.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { indexPath, memberPath } from './field-path.ts'
import type { SchemaNode } from './schema-node.ts'

const typeMeta = new Set(['apiVersion', 'kind', 'metadata'])

/** Prunes in place and returns the paths removed, in document order. */
export function pruneObject(object: JsonObject, root: SchemaNode): string[] {
  const removed: string[] = []
  pruneMembers(object, { ...rootView(root), path: '' }, removed)
  return removed
}

/** A value by itself, in place. */
export function pruneValue(value: JsonValue, node: SchemaNode): void {
  pruneInside(value, { node, path: '' }, [])
}

interface MemberRules {
  readonly node: SchemaNode
  readonly isResource: boolean
  readonly path: string
}

function rootView(node: SchemaNode): Omit<MemberRules, 'path'> {
  return { node, isResource: true }
}

function pruneMembers(object: JsonObject, { node, isResource, path }: MemberRules, removed: string[]): void {
  for (const key of Object.keys(object)) {
    if (isResource && typeMeta.has(key)) continue
    const member = node.properties.get(key)
    const schema = member ?? node.values
    const at = memberPath(path, key)
    if (schema === true) continue
    if (schema !== undefined) pruneInside(object[key], { node: schema, path: at }, removed)
    else if (!node.open) {
      delete object[key]
      removed.push(at)
    }
  }
}

function pruneInside(value: JsonValue | undefined, at: { node: SchemaNode; path: string }, removed: string[]): void {
  if (Array.isArray(value)) {
    const items = at.node.items
    if (items === undefined) return
    value.forEach((item, index) => {
      pruneInside(item, { node: items, path: indexPath(at.path, index) }, removed)
    })
  } else if (isJsonObject(value)) {
    pruneMembers(value, { node: at.node, isResource: at.node.embedded, path: at.path }, removed)
  }
}
