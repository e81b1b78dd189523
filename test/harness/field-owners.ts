// Who owns what in an object, as texts: `m1 Apply v1: .data .data.a`.
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import type { ManagedFieldsEntry } from '../../api/objects.ts'
import { pathsOf } from '../../api/patch/apply/paths.ts'

/** One text per entry, in order; entries without a time say so. */
export function ownersOf(object: JsonObject): string[] {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  const entries = (metadata.managedFields ?? []) as unknown as ManagedFieldsEntry[]
  return entries.map(({ manager, operation, apiVersion, subresource, time, fieldsV1 }) => {
    const endpoint = subresource === undefined ? apiVersion : `${apiVersion}/${subresource}`
    const since = time === undefined ? ' timeless' : ''
    return `${manager} ${operation} ${endpoint}${since}: ${pathsOf(fieldsV1).join(' ')}`
  })
}
