// Field errors in Kubernetes' words. The path is the caller's.
import type { JsonValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { goBadValue } from './go-value.ts'

export function invalidValue(field: string, value: JsonValue | undefined, detail: string): FieldError {
  return invalidGoValue(field, goBadValue(value), detail)
}

/** `printed`: the value as Go prints it. */
export function invalidGoValue(field: string, printed: string, detail: string): FieldError {
  return { field, type: 'FieldValueInvalid', message: `Invalid value: ${printed}: ${detail}` }
}

export function typeInvalid(field: string, value: JsonValue | undefined, detail: string): FieldError {
  return { field, type: 'FieldValueTypeInvalid', message: `Invalid value: ${goBadValue(value)}: ${detail}` }
}

export function requiredValue(field: string, detail = ''): FieldError {
  return { field, type: 'FieldValueRequired', message: detail === '' ? 'Required value' : `Required value: ${detail}` }
}

export function duplicateValue(field: string, value: string): FieldError {
  return { field, type: 'FieldValueDuplicate', message: `Duplicate value: ${value}` }
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { field, type: 'FieldValueForbidden', message: `Forbidden: ${detail}` }
}

export function notSupported(field: string, value: JsonValue | undefined, supported: readonly JsonValue[]): FieldError {
  const values = supported
    .map(each => JSON.stringify(typeof each === 'string' ? each : JSON.stringify(each)))
    .join(', ')
  const message = `Unsupported value: ${goBadValue(value)}: supported values: ${values}`
  return { field, type: 'FieldValueNotSupported', message }
}

export function tooLong(field: string, bytesLimit: number): FieldError {
  return { field, type: 'FieldValueTooLong', message: `Too long: must have at most ${bytesLimit} bytes` }
}

/** Of a text in a custom resource. */
export function longerThan(field: string, charsLimit: number): FieldError {
  return { field, type: 'FieldValueTooLong', message: `Too long: may not be longer than ${charsLimit}` }
}

export function tooMany(field: string, actual: number, limit: number): FieldError {
  return { field, type: 'FieldValueTooMany', message: `Too many: ${actual}: must have at most ${limit} items` }
}
