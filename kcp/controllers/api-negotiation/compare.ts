// How two schemas of one API are compared, with the answer as controllers need it.
import type { JsonObject } from '../../../api/json.ts'
import { compareSchemas, formatErrors } from '../../schema/compatibility.ts'

export type Comparison = { readonly lcd: JsonObject } | { readonly problem: string }

/** `narrow`: the common part may be less than `existing`; otherwise `incoming` must allow all of it. */
export type CompareSchemas = (existing: JsonObject, incoming: JsonObject, options: { narrow: boolean }) => Comparison

export const compare: CompareSchemas = (existing, incoming, { narrow }) => {
  const { lcd, errors } = compareSchemas({ existing, incoming, narrow })
  return errors.length === 0 ? { lcd } : { problem: formatErrors(errors) }
}
