// Keys and sizes of ConfigMaps and Secrets.
import type { JsonObject } from '../../../api/json.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue } from '../../schema/field-errors.ts'
import { keyPath } from '../../schema/field-path.ts'

export const dataBytesLimit = 1024 * 1024
const keyBytesLimit = 253
const keyPattern = /^[-._a-zA-Z0-9]+$/
const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

export function checkKeys(field: string, data: JsonObject): FieldError[] {
  return Object.keys(data).flatMap(key => checkKey(key).map(text => invalidValue(keyPath(field, key), key, text)))
}

function checkKey(key: string): string[] {
  if (key.length > keyBytesLimit) return [`must be no more than ${keyBytesLimit} characters`]
  if (key === '.') return [`must not be '.'`]
  if (key === '..') return [`must not be '..'`]
  if (key.startsWith('..')) return [`must not start with '..'`]
  return keyPattern.test(key) ? [] : [keyText]
}

export function textBytes(data: JsonObject): number {
  return Object.values(data).reduce((sum: number, text) => sum + Buffer.byteLength(String(text)), 0)
}

export function base64Bytes(data: JsonObject): number {
  return Object.values(data).reduce((sum: number, text) => sum + Buffer.byteLength(String(text), 'base64'), 0)
}
