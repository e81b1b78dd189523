// x-kubernetes-validations: walks an object and the one it replaces together and asks a table what each rule says.
// Leaves out: the rule language; a rule the table does not know counts as kept.
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { indexPath, memberPath } from './field-path.ts'
import { typeName } from './go-value.ts'
import type { SchemaNode } from './schema-node.ts'

/** Whether a value keeps a rule. `old` is undefined where there is nothing to compare with. */
export type RulePredicate = (self: JsonValue, old: JsonValue | undefined) => boolean
export type FindRule = (rule: string) => RulePredicate | undefined

interface Step {
  readonly node: SchemaNode
  readonly path: string
  readonly find: FindRule
}

/** Whether this schema has rules anywhere. */
export function hasRules(node: SchemaNode, seen: Set<SchemaNode> = new Set()): boolean {
  if (seen.has(node)) return false
  seen.add(node)
  if (node.raw['x-kubernetes-validations'] !== undefined) return true
  const children = [...node.properties.values(), node.values, node.items]
  return children.some(child => child !== undefined && child !== true && hasRules(child, seen))
}

export function checkRules(value: JsonValue | undefined, old: JsonValue | undefined, step: Step): FieldError[] {
  if (value === undefined || value === null) return []
  const errors = ownRules(value, old, step)
  if (Array.isArray(value)) errors.push(...itemRules(value, old, step))
  else if (isJsonObject(value)) errors.push(...memberRules(value, old, step))
  return errors
}

function ownRules(value: JsonValue, old: JsonValue | undefined, { node, path, find }: Step): FieldError[] {
  const rules = node.raw['x-kubernetes-validations']
  if (!Array.isArray(rules)) return []
  const errors: FieldError[] = []
  for (const entry of rules) {
    if (!isJsonObject(entry) || typeof entry.rule !== 'string') continue
    if (entry.rule.includes('oldSelf') && old === undefined) continue
    if (find(entry.rule)?.(value, old) !== false) continue
    const text = typeof entry.message === 'string' ? entry.message : `failed rule: ${entry.rule}`
    const message = `Invalid value: "${typeName(value)}": ${text}`
    errors.push({ field: path === '' ? '<nil>' : path, type: 'FieldValueInvalid', message })
  }
  return errors
}

function itemRules(list: readonly JsonValue[], old: JsonValue | undefined, { node, path, find }: Step): FieldError[] {
  const { items } = node
  if (items === undefined) return []
  return list.flatMap((item, index) =>
    checkRules(item, oldItem(item, old, node.raw), { node: items, path: indexPath(path, index), find }),
  )
}

/** Only elements of list maps can be recognised again. */
function oldItem(item: JsonValue, old: JsonValue | undefined, raw: JsonObject): JsonValue | undefined {
  const names = raw['x-kubernetes-list-map-keys']
  if (raw['x-kubernetes-list-type'] !== 'map' || !Array.isArray(names)) return undefined
  if (!Array.isArray(old) || !isJsonObject(item)) return undefined
  return old.find(other => isJsonObject(other) && names.every(name => other[String(name)] === item[String(name)]))
}

function memberRules(object: JsonObject, old: JsonValue | undefined, { node, path, find }: Step): FieldError[] {
  const errors: FieldError[] = []
  for (const key of Object.keys(object)) {
    const member = node.properties.get(key) ?? node.values
    if (member === undefined || member === true) continue
    const oldMember = isJsonObject(old) ? getOwn(old, key) : undefined
    errors.push(...checkRules(object[key], oldMember, { node: member, path: memberPath(path, key), find }))
  }
  return errors
}
