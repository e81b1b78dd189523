// A value as Go prints it with %v in error texts: `map[a:1 b:[x y]]`.
import { isJsonObject, type JsonValue, numberValue } from '../json.ts'

export function goValue(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (isJsonObject(value)) {
    const members = Object.keys(value).sort()
    return `map[${members.map(key => `${key}:${goValue(value[key])}`).join(' ')}]`
  }
  if (value === null || value === undefined) return '<nil>'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As Go prints the type of a decoded JSON value with %T. */
export function goTypeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (isJsonObject(value)) return 'map[string]interface {}'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value === 'string' ? 'string' : 'bool'
  return Number.isSafeInteger(numberValue(value)) ? 'int64' : 'float64'
}
