// Defaults as Kubernetes applies them to custom resources: an absent member, or a null one that may not be null, gets its
// default; other nulls that may not be null are dropped. In place.
import { copyJson, getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../api/json.ts'
import type { SchemaNode } from './schema-node.ts'

/** A whole object: metadata has its own rules and is left alone. */
export function applyObjectDefaults(object: JsonObject, root: SchemaNode, nulls?: Nulls): void {
  applyToMembers(object, root, { nulls, skipped: 'metadata' })
}

/** What was applied keeps its nulls, and validation refuses them. */
type Nulls = 'kept' | undefined

function applyDefaults(value: JsonValue | undefined, node: SchemaNode, nulls: Nulls): void {
  if (Array.isArray(value)) {
    const { items } = node
    if (items !== undefined) for (const item of value) applyDefaults(item, items, nulls)
  } else if (isJsonObject(value)) applyToMembers(value, node, { nulls, skipped: '' })
}

function applyToMembers(object: JsonObject, node: SchemaNode, { nulls, skipped }: { nulls: Nulls; skipped: string }) {
  for (const [name, schema] of node.properties) {
    if (name === skipped) continue
    const value = getOwn(object, name)
    if (schema.default !== undefined && (value === undefined || (value === null && !schema.nullable))) {
      setOwn(object, name, copyJson(schema.default))
    } else if (value === null && !schema.nullable && nulls !== 'kept') {
      delete object[name]
    }
    applyDefaults(getOwn(object, name), schema, nulls)
  }
  const { values } = node
  if (values === undefined || values === true) return
  for (const key of Object.keys(object)) {
    if (node.properties.has(key)) continue
    if (object[key] === null && !values.nullable && nulls !== 'kept') delete object[key]
    else applyDefaults(object[key], values, nulls)
  }
}
