// How two schemas of one API are compared; the rules are in kcp/schema.
import type { JsonObject } from '../../../api/json.ts'

export type Comparison = { readonly lcd: JsonObject } | { readonly problem: string }

/** `narrow`: the common part may be less than `existing`; otherwise `next` must allow all of it. */
export type CompareSchemas = (existing: JsonObject, next: JsonObject, options: { narrow: boolean }) => Comparison
