// Names of field managers, in requests and in managedFields.
import type { FieldError } from '../../api/status-error.ts'
import { invalidValue, tooLong } from './field-errors.ts'

export const managerBytesLimit = 128
// Go's unicode.IsPrint: no control signs, and of spaces only the plain one.
const unprintable = /[[\p{C}\p{Z}]--[ ]]/v
const allUnprintable = new RegExp(unprintable, 'gv')

export function checkFieldManager(manager: string, field: string): FieldError[] {
  const errors = Buffer.byteLength(manager) > managerBytesLimit ? [tooLong(field, managerBytesLimit)] : []
  for (const sign of manager) {
    if (!unprintable.test(sign)) continue
    const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    errors.push(invalidValue(field, manager, `invalid character ${code} (at position ${manager.indexOf(sign)})`))
  }
  return errors
}

/** `kubectl/v1.32.0 (linux/amd64) …` → `kubectl`: who writes without a name of its own. */
export function managerOfUserAgent(userAgent: string): string {
  return (userAgent.split('/')[0] ?? '').replace(allUnprintable, '').slice(0, managerBytesLimit)
}
