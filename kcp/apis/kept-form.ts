// How objects of a CRD's version are kept: pruned and with the defaults of the storage version, whose shape is marked in
// each row. What a row of another shape or version lacks or has too much is repaired when it is read, as Kubernetes does.
import { copyJson } from '../../api/json.ts'
import { apiVersionOf } from '../../api/objects.ts'
import { failure } from '../../api/status-error.ts'
import type { KeptForm, OtherVersion } from '../registry/resource.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'

export interface KeptFormOptions {
  readonly group: string
  readonly version: string
  readonly storageVersion: string
  readonly schema: ObjectSchema
  readonly findVersion: (apiVersion: string) => OtherVersion | undefined
  readonly kind: string
  /** A webhook would have to make one version from another. Nobody calls it. */
  readonly converts: boolean
}

export function createKeptForm(options: KeptFormOptions): KeptForm {
  const { group, version, storageVersion, schema, findVersion, kind, converts } = options
  const apiVersion = apiVersionOf({ group, version: storageVersion })
  const servedApiVersion = apiVersionOf({ group, version })
  let known: ObjectSchema | undefined
  /** Looked up when an object is written or read: most types of most workspaces never are. */
  const storage = (): ObjectSchema => {
    known ??= (version === storageVersion ? undefined : findVersion(apiVersion)?.schema) ?? schema
    return known
  }
  const form: KeptForm = {
    apiVersion,
    get mark() {
      return storage().shape ?? ''
    },
    get isServed() {
      if (converts && version !== storageVersion) return false
      return storage() === schema || storage().shape === schema.shape
    },
    get id() {
      return `${form.mark}${schema.shape ?? ''}`
    },
    toKept(object) {
      if (form.isServed) return object
      if (converts) throw notConverted(servedApiVersion, kind)
      const copy = copyJson(object)
      storage().repair?.(copy)
      return copy
    },
    toServed(object) {
      if (converts && object.apiVersion !== servedApiVersion) throw notConverted(object.apiVersion, kind)
      // A version that the CRD no longer has was stored with what the storage version has now, or less.
      const from = findVersion(object.apiVersion)?.schema ?? storage()
      from.repair?.(object)
      object.apiVersion = servedApiVersion
      if (from.shape !== schema.shape) schema.repair?.(object, 'without-defaults')
      return object
    },
  }
  return form
}

function notConverted(apiVersion: string, kind: string) {
  const text = `conversion webhook for ${apiVersion}, Kind=${kind} failed: this server calls no conversion webhooks`
  return failure(500, '', text)
}
