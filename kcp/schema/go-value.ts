// Values as Go prints them inside field errors, and the names of JSON types there.
import { isRawNumber, type JsonValue, numberValue } from '../../api/json.ts'

/** The type name in messages: integer for whole numbers, null for nothing. */
export function typeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' || isRawNumber(value)) return isInteger(value) ? 'integer' : 'number'
  return typeof value === 'object' ? 'object' : typeof value
}

export function isInteger(value: JsonValue | undefined): boolean {
  return Number.isInteger(numberValue(value))
}

/** `Invalid value: …`: strings quoted, objects as JSON. */
export function goValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'null'
  return JSON.stringify(value)
}

/** `%#v` of a map of plain values: `map[string]interface {}{"a":"b"}`. */
export function goMap(value: Readonly<Record<string, JsonValue | undefined>>): string {
  const entries = Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${JSON.stringify(value[key] ?? null)}`)
  return `map[string]interface {}{${entries.join(', ')}}`
}
