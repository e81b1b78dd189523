// Short fingerprints of JSON values; the order of members does not count.
import { hash } from 'node:crypto'
import { isJsonObject, isRawNumber } from '../../api/json.ts'

export function digest(value: unknown): string {
  return hash('sha1', canonicalJson(value), 'base64').slice(0, 24)
}

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (isRawNumber(value)) return value.rawJSON
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .filter(key => value[key] !== undefined)
    .sort()
  return `{${members.map(key => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`
}
