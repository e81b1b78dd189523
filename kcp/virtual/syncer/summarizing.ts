// Which fields a syncer reports, and what each SyncTarget has reported: its record in an annotation, path → value.
// A record that cannot be read is an empty one, and rules of a user that cannot be read are the usual ones: what one
// tenant writes into an annotation must not stop the syncer for all.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../../api/json.ts'
import { promotedValue, summarizingAnnotation, syncerViewAnnotation } from '../../../api/names/kcp-keys.ts'
import type { ObjectMeta } from '../../../api/objects.ts'
import { parseOrUndefined } from '../parse-annotation.ts'

export interface SummarizingRule {
  /** Members joined by dots. */
  readonly fieldPath: string
  /** With one SyncTarget its value is that of the upstream object. */
  readonly promoted: boolean
}

const usualRules: readonly SummarizingRule[] = [{ fieldPath: 'status', promoted: true }]

export function rulesOf({ annotations }: ObjectMeta): readonly SummarizingRule[] {
  const text = annotations?.[summarizingAnnotation]
  const list = text === undefined || text === '' ? undefined : parseOrUndefined(text)
  if (!Array.isArray(list)) return usualRules
  const rules = list.map(ruleOf)
  return rules.every(rule => rule !== undefined) ? rules : usualRules
}

function ruleOf(value: JsonValue): SummarizingRule | undefined {
  if (!isJsonObject(value)) return undefined
  const members = new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]))
  const fieldPath = members.get('fieldpath')
  const promoted = members.get('promotetoupstream') ?? false
  if (typeof fieldPath !== 'string' || typeof promoted !== 'boolean') return undefined
  return { fieldPath, promoted }
}

export function isStatusRule({ fieldPath }: SummarizingRule): boolean {
  return fieldPath === 'status' || fieldPath.startsWith('status.')
}

/** What the SyncTarget of this key has reported. */
export function recordOf({ annotations }: ObjectMeta, key: string): JsonObject {
  const text = annotations?.[syncerViewAnnotation(key)]
  const record = text === undefined ? undefined : parseOrUndefined(text)
  return isJsonObject(record) ? record : {}
}

export function formatRecord(record: JsonObject): string {
  const sorted: JsonObject = {}
  for (const path of Object.keys(record).sort()) setOwn(sorted, path, record[path])
  return JSON.stringify(sorted)
}

export function isPromoted(value: JsonValue | undefined): boolean {
  return value === promotedValue
}

export function readPath(object: JsonObject, fieldPath: string): JsonValue | undefined {
  let value: JsonValue | undefined = object
  for (const member of fieldPath.split('.')) {
    if (!isJsonObject(value)) return undefined
    value = getOwn(value, member)
  }
  return value
}

/** A copy with the value at the path; undefined removes it. Only what lies on the path is copied. */
export function withPath(object: JsonObject, fieldPath: string, value: JsonValue | undefined): JsonObject {
  const dot = fieldPath.indexOf('.')
  const member = dot < 0 ? fieldPath : fieldPath.slice(0, dot)
  const copy = { ...object }
  if (dot < 0) {
    if (value === undefined) delete copy[member]
    else setOwn(copy, member, value)
    return copy
  }
  const child = getOwn(object, member)
  if (value === undefined && !isJsonObject(child)) return copy
  setOwn(copy, member, withPath(isJsonObject(child) ? child : {}, fieldPath.slice(dot + 1), value))
  return copy
}
